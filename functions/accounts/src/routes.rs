//! Every operation of `/api/v2`, and the sign-up page.

use roster_domain::Permission::UserManagement;
use roster_runtime::route::Access::{Key, OwnOr, Permission, Public};

use crate::{errors, sessions, signup, users};

roster_runtime::routes! {
    errors::render => {
        /// List users (S3).
        LIST_USERS = "accounts-list-users", Permission(UserManagement), Cached, users::list, [GET "/api/v2/users", GET "/api/v2/users/"];
        /// Show a user (S3).
        GET_USER = "accounts-get-user", OwnOr(UserManagement), Cached, users::get, [GET "/api/v2/users/{user_id}"];
        /// Invite an address (S3).
        INVITE_USER = "accounts-invite-user", Permission(UserManagement), Present, users::invite, [POST "/api/v2/users"];
        /// Change a user (S3).
        UPDATE_USER = "accounts-update-user", Permission(UserManagement), Present, users::update, [PUT "/api/v2/users/{user_id}", PATCH "/api/v2/users/{user_id}"];
        /// Grant and withdraw permissions (S3).
        SET_PERMISSIONS = "accounts-set-permissions", Permission(UserManagement), Present, users::set_permissions, [POST "/api/v2/users/{user_id}/perms"];
        /// Switch a user on (S3).
        ACTIVATE_USER = "accounts-activate-user", Permission(UserManagement), Present, users::activate, [POST "/api/v2/users/{user_id}/activate"];
        /// Switch a user off (S3).
        DEACTIVATE_USER = "accounts-deactivate-user", Permission(UserManagement), Present, users::deactivate, [POST "/api/v2/users/{user_id}/deactivate"];
        /// Begin a session.
        LOGIN = "accounts-login", Public, Cached, sessions::login, [POST "/api/v2/login"];
        /// End a session.
        LOGOUT = "accounts-logout", Key, Cached, sessions::logout, [POST "/api/v2/logout"];
    }
    signup::render_error => {
        /// The page where an invited user sets a name and a password.
        SHOW_SIGNUP = "accounts-show-signup", Public, Cached, signup::show, [GET "/signup/{token}"];
        /// Finish the sign-up.
        FINISH_SIGNUP = "accounts-finish-signup", Public, Cached, signup::finish, [POST "/signup/{token}"];
    }
}
