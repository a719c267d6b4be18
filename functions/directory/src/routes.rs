//! Every operation of `/api/v1`.

use roster_domain::Permission::UserManagement;
use roster_runtime::route::Access::{Operator, OwnOr, Permission};

use crate::{errors, organizations, users};

roster_runtime::routes! {
    errors::render => {
        /// Create a user (S4).
        CREATE_USER = "directory-create-user", Operator, Present, users::create, [POST "/api/v1/user"];
        /// Change a user (S4).
        UPDATE_USER = "directory-update-user", Permission(UserManagement), Present, users::update, [PUT "/api/v1/user/{user_id}"];
        /// Delete a user (S4).
        DELETE_USER = "directory-delete-user", Operator, Present, users::delete, [DELETE "/api/v1/user/{user_id}"];
        /// Give a user a new password (S4). S4 makes this change with a `GET`:
        /// nothing may repeat or keep it, so the answer is not to be stored.
        RESET_USER_PASSWORD = "directory-reset-user-password", Permission(UserManagement), Present, users::reset_password, [GET "/api/v1/resetUserPassword/{user_id}"];
        /// List the users of an organization (S4).
        LIST_USERS = "directory-list-users", Operator, Cached, users::list, [GET "/api/v1/users"];
        /// Show a user (S4).
        GET_USER = "directory-get-user", OwnOr(UserManagement), Cached, users::get, [GET "/api/v1/user/{user_id}"];
        /// Create an organization (S4).
        CREATE_ORGANIZATION = "directory-create-organization", Operator, Present, organizations::create, [POST "/api/v1/org"];
        /// Rename an organization (S4).
        UPDATE_ORGANIZATION = "directory-update-organization", Operator, Present, organizations::update, [PUT "/api/v1/org/{org_id}"];
        /// Delete an organization (S4).
        DELETE_ORGANIZATION = "directory-delete-organization", Operator, Present, organizations::delete, [DELETE "/api/v1/org/{org_id}"];
        /// List organizations (S4).
        LIST_ORGANIZATIONS = "directory-list-organizations", Operator, Cached, organizations::list, [GET "/api/v1/orgs"];
        /// Show an organization (S4).
        GET_ORGANIZATION = "directory-get-organization", Operator, Cached, organizations::get, [GET "/api/v1/org/{org_id}"];
    }
}
