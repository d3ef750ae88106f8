//! The dashboard's files, as they are built into the program.
