//! Tests of undo: what comes back, what cannot, and what somebody else has touched since.
