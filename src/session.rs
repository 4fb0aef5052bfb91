//! All state of the page: Session, Action, reduce; no web types.
