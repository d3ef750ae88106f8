<?php
// Installs WordPress into an empty database, with one user of each role that matters, and prints
// their application passwords as JSON.
define('WP_INSTALLING', true);
$_SERVER['HTTP_HOST'] = parse_url(getenv('WP_URL'), PHP_URL_HOST);
require __DIR__ . '/site/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

// Nobody is to be written to.
function wp_new_blog_notification(...$ignored) {}

wp_install('Harbour Bakery', 'ada', 'ada@example.test', true, '', 'hunter22');
$users = [];
foreach (['ada' => 'administrator', 'ana' => 'author', 'cora' => 'contributor', 'sue' => 'subscriber'] as $name => $role) {
    $user = get_user_by('login', $name);
    $id = $user ? $user->ID : wp_insert_user([
        'user_login' => $name,
        'user_pass' => 'hunter22',
        'user_email' => "$name@example.test",
        'display_name' => ucfirst($name) . ' Ruiz',
        'role' => $role,
    ]);
    [$password] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'fanfare']);
    $users[$name] = ['id' => $id, 'password' => $password];
}
if (getenv('WP_PERMALINKS') !== 'plain') {
    global $wp_rewrite;
    $wp_rewrite->set_permalink_structure('/%postname%/');
    $wp_rewrite->flush_rules(false);
}
// What is there from the beginning would only be in the way.
foreach (get_posts(['numberposts' => -1, 'post_type' => 'any']) as $post) {
    wp_delete_post($post->ID, true);
}
echo json_encode($users), "\n";
