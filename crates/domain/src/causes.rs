//! An error in words, for logs and for whoever runs the server.

use std::error::Error;

/// The error with what caused it, each said once.
pub fn with_causes(error: &dyn Error) -> String {
    and_causes(error.to_string(), error)
}

/// As [`with_causes`], with other words for the error itself.
pub fn and_causes(mut text: String, error: &dyn Error) -> String {
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.contains(&said) {
            text.push_str(": ");
            text.push_str(&said);
        }
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use super::*;

    #[derive(Debug)]
    struct Fault(&'static str, Option<Box<Fault>>);

    impl fmt::Display for Fault {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str(self.0)
        }
    }

    impl Error for Fault {
        fn source(&self) -> Option<&(dyn Error + 'static)> {
            self.1.as_deref().map(|cause| cause as &dyn Error)
        }
    }

    #[test]
    fn causes_follow_and_what_was_said_is_not_said_again() {
        let refused = Fault("connection refused", None);
        let connect = Fault("cannot connect: connection refused", Some(Box::new(refused)));
        let error = Fault("request failed", Some(Box::new(connect)));
        assert_eq!(with_causes(&error), "request failed: cannot connect: connection refused");
        assert_eq!(
            and_causes("timed out".to_owned(), &error),
            "timed out: cannot connect: connection refused"
        );
    }
}
