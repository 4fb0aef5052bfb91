//! A moment of a conversation → drawing commands; pure functions only.
