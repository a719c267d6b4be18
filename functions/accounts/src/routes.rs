//! Every operation of `/api/v2`, and the sign-up page.

use roster_domain::{Field, Permission::UserManagement};
use roster_runtime::{
    function::deployment::prelude::*,
    function::route::Access::{Key, OwnOr, Permission, Public},
};

use crate::{errors, sessions, signup, users, wire};

roster_runtime::routes! {
    errors::render, wire::fields::location => {
        /// List users.
        LIST_USERS = "accounts-list-users", Permission(UserManagement), Cached, users::list,
            [GET "/api/v2/users", GET "/api/v2/users/"] => {
                round_trips: 1, timeout: LONGEST,
                grants: &[table(&[Query], &[P::Organization])],
            };
        /// Show a user.
        GET_USER = "accounts-get-user", OwnOr(UserManagement), Cached, users::get,
            [GET "/api/v2/users/{user_id}"] => {
                round_trips: 2,
                grants: &[
                    table(&[BatchGetItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                ],
            };
        /// Invite an address.
        INVITE_USER = "accounts-invite-user", Permission(UserManagement), Present, users::invite,
            [POST "/api/v2/users"] => {
                round_trips: 3, variables: &[V::MailFrom, V::SealingKey],
                grants: &[
                    STANDING,
                    table(&[BatchGetItem, GetItem], &[P::Organization]),
                    table(&[PutItem], &[P::Organization, P::UserNumber, P::Signup]),
                    table(&[UpdateItem], &[P::Counter]),
                    table(&[DeleteItem], &[P::Signup]),
                    COUNT_MAILS,
                    Seal(&[Mail]),
                ],
            };
        /// Change a user.
        UPDATE_USER = "accounts-update-user", Permission(UserManagement), Present, users::update,
            [PUT "/api/v2/users/{user_id}", PATCH "/api/v2/users/{user_id}"] => {
                round_trips: 3,
                grants: &[
                    STANDING,
                    table(&[BatchGetItem, PutItem, UpdateItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                    table(&[DeleteItem], &[P::Organization, P::Signup]),
                ],
            };
        /// Grant and withdraw permissions.
        SET_PERMISSIONS = "accounts-set-permissions", Permission(UserManagement), Present, users::set_permissions,
            [POST "/api/v2/users/{user_id}/perms"] => {
                round_trips: 3,
                grants: &[
                    STANDING,
                    table(&[BatchGetItem, PutItem, UpdateItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                    table(&[DeleteItem], &[P::Signup]),
                ],
            };
        /// Switch a user on.
        ACTIVATE_USER = "accounts-activate-user", Permission(UserManagement), Present, users::activate,
            [POST "/api/v2/users/{user_id}/activate"] => {
                round_trips: 3,
                grants: &[
                    STANDING,
                    table(&[BatchGetItem, PutItem, UpdateItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                ],
            };
        /// Switch a user off.
        DEACTIVATE_USER = "accounts-deactivate-user", Permission(UserManagement), Present, users::deactivate,
            [POST "/api/v2/users/{user_id}/deactivate"] => {
                round_trips: 3,
                grants: &[
                    STANDING,
                    table(&[BatchGetItem, PutItem, UpdateItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                    table(&[DeleteItem], &[P::Signup]),
                ],
            };
        /// Begin a session.
        LOGIN = "accounts-login", Public, Cached, sessions::login,
            [POST "/api/v2/login"] => {
                round_trips: 4,
                // Anybody can make this function hash passwords.
                memory: Passwords, limited: true, gradual: true,
                grants: &[
                    table(&[GetItem], &[P::Login, P::Signup, P::Known, P::Organization]),
                    table(&[PutItem], &[P::Session]),
                    // Of a user, it notes the login and changes nothing.
                    attributes(&[UpdateItem], &[P::Attempts, P::Organization, P::Known], &["pk", "sk", "schema_version", "__v", "count", "deactivated_at", "expires_at", "fingerprint", "last_login", "session_epoch"]),
                ],
            };
        /// End a session.
        LOGOUT = "accounts-logout", Key, Cached, sessions::logout,
            [POST "/api/v2/logout"] => {
                round_trips: 1,
                grants: &[table(&[DeleteItem], &[P::Session])],
            };
    }
    roster_pages::render_error, Field::nowhere => {
        /// The page where an invited user sets a name and a password.
        SHOW_SIGNUP = "accounts-show-signup", Public, Cached, signup::show,
            [GET "/signup/{token}"] => {
                round_trips: 2,
                grants: &[
                    table(&[BatchGetItem], &[P::Organization]),
                    table(&[GetItem], &[P::Signup]),
                ],
            };
        /// Finish the sign-up.
        FINISH_SIGNUP = "accounts-finish-signup", Public, Cached, signup::finish,
            [POST "/signup/{token}"] => {
                round_trips: 5, memory: Passwords,
                grants: &[
                    table(&[BatchGetItem, UpdateItem], &[P::Organization]),
                    table(&[GetItem], &[P::Signup, P::Login, P::Organization]),
                    table(&[PutItem], &[P::Organization, P::Login]),
                    table(&[DeleteItem], &[P::Signup]),
                ],
            };
    }
}
