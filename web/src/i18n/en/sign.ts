// Ways in.

export const sign = {
  "sign.title": "Sign in",
  "sign.lead": "Write a post once and send it to every account.",
  "sign.email": "Email",
  "sign.password": "Password",
  "sign.do": "Sign in",
  "sign.link": "Signing in with your link",
  "sign.link.failed": "The link does not work.",
  "sign.link.do": "Sign in with your password, or ask for a new link.",

  "setup.title": "Set up Fanfare",
  "setup.lead": "You are the first to come here. Make the owner's account; the server printed a setup code when it started.",
  "setup.token": "Setup code",
  "setup.token.hint": "From the server's output or log.",
  "setup.organization": "Name of the organization",
  "setup.name": "Your name",
  "setup.password.hint": "At least 10 characters. A sentence is easiest to remember.",
  "setup.do": "Set up and sign in",

  "invitation.title": "Join",
  "invitation.lead": "You were invited. Choose a name and a password. If you have an account here already, enter its password.",
  "invitation.do": "Join",
  "invitation.missing": "The address of the invitation is not complete. Copy all of it.",
};
