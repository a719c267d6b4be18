//! What the functions of this package need where they are deployed. They serve no
//! route.

use roster_runtime::function::deployment::{
    Function, Grant::AdminKeySecret, Needs, Timeout::Seconds, prelude::*,
};

/// The functions.
pub static FUNCTIONS: &[Function] = &[
    // It reads the key and the user that it acts as. It may note the day of use,
    // and cannot make or change a key.
    Function {
        binary: "authorizer-authorize",
        needs: Needs {
            gradual: true,
            grants: &[
                table(&[GetItem], &[P::Key, P::Session, P::Organization]),
                attributes(&[UpdateItem], &[P::Key], &["pk", "sk", "last_used"]),
            ],
            ..Needs::NONE
        },
    },
    Function {
        binary: "authorizer-mint-admin-key",
        needs: Needs {
            // Time to answer CloudFormation after the last retry: it waits in
            // vain for a function that was stopped.
            timeout: Seconds(60),
            variables: &[V::AdminKeySecret],
            grants: &[table(&[GetItem, PutItem], &[P::Key]), AdminKeySecret],
            ..Needs::NONE
        },
    },
];
