//! Accounts, login sessions and tokens.
