<?php
// PHP's own server as a web server with rewriting: files are served, everything else is WordPress.
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
$root = $_SERVER['DOCUMENT_ROOT'];
if (strpos($path, '/wp-content/uploads/') === 0) {
    $file = realpath(getenv('WP_FOLDER') . rawurldecode($path));
    if ($file && strpos($file, getenv('WP_FOLDER')) === 0) {
        header('Content-Type: ' . mime_content_type($file));
        readfile($file);
        return true;
    }
}
if ($path !== '/' && is_file($root . $path)) {
    return false;
}
$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
chdir($root);
require $root . '/index.php';
