//! Every operation of `/api/v1`.

use roster_domain::Permission::UserManagement;
use roster_runtime::{
    function::deployment::prelude::*,
    function::route::Access::{Operator, OwnOr, Permission},
};

use crate::{errors, organizations, users, wire};

roster_runtime::routes! {
    errors::render, wire::fields::location => {
        /// Create a user.
        CREATE_USER = "directory-create-user", Operator, Present, users::create,
            [POST "/api/v1/user"] => {
                round_trips: 3, memory: Passwords,
                grants: &[
                    table(&[BatchGetItem], &[P::Key]),
                    table(&[ConditionCheckItem], &[P::Key, P::Organization]),
                    table(&[GetItem], &[P::OrganizationNumber, P::Organization]),
                    table(&[PutItem], &[P::Organization, P::UserNumber, P::Login]),
                    table(&[UpdateItem], &[P::Counter]),
                ],
            };
        /// Change a user.
        UPDATE_USER = "directory-update-user", Permission(UserManagement), Present, users::update,
            [PUT "/api/v1/user/{user_id}"] => {
                round_trips: 3, memory: Passwords,
                grants: &[
                    STANDING,
                    table(&[GetItem], &[P::UserNumber, P::OrganizationNumber, P::Organization, P::Calendars]),
                    table(&[PutItem], &[P::Organization, P::UserNumber, P::Login, P::Calendars]),
                    table(&[UpdateItem], &[P::Organization, P::Login]),
                    table(&[DeleteItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                ],
            };
        /// Delete a user.
        DELETE_USER = "directory-delete-user", Operator, Present, users::delete,
            [DELETE "/api/v1/user/{user_id}"] => {
                round_trips: 3,
                grants: &[
                    STANDING_OF_OPERATOR,
                    table(&[BatchGetItem, UpdateItem], &[P::Organization]),
                    table(&[PutItem], &[P::Organization, P::Calendars]),
                    table(&[GetItem], &[P::UserNumber, P::Organization, P::Calendars]),
                    table(&[DeleteItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                ],
            };
        /// Give a user a new password. `/api/v1` makes this change with a `GET`:
        /// nothing may repeat or keep it, so the answer is not to be stored.
        RESET_USER_PASSWORD = "directory-reset-user-password", Permission(UserManagement), Present, users::reset_password,
            [GET "/api/v1/resetUserPassword/{user_id}"] => {
                round_trips: 3, memory: Passwords,
                grants: &[
                    STANDING,
                    table(&[BatchGetItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                    table(&[PutItem], &[P::Organization, P::Login]),
                ],
            };
        /// List the users of an organization.
        LIST_USERS = "directory-list-users", Operator, Cached, users::list,
            [GET "/api/v1/users"] => {
                round_trips: 3, timeout: LONGEST,
                grants: &[
                    table(&[GetItem], &[P::OrganizationNumber, P::Organization]),
                    table(&[Query], &[P::Organization]),
                ],
            };
        /// Show a user.
        GET_USER = "directory-get-user", OwnOr(UserManagement), Cached, users::get,
            [GET "/api/v1/user/{user_id}"] => {
                round_trips: 2,
                grants: &[
                    table(&[BatchGetItem], &[P::Organization]),
                    table(&[GetItem], &[P::UserNumber]),
                ],
            };
        /// Create an organization.
        CREATE_ORGANIZATION = "directory-create-organization", Operator, Present, organizations::create,
            [POST "/api/v1/org"] => {
                round_trips: 2,
                grants: &[
                    STANDING_OF_OPERATOR,
                    table(&[PutItem], &[P::Organization, P::OrganizationNumber]),
                    table(&[UpdateItem], &[P::Counter]),
                ],
            };
        /// Rename an organization.
        UPDATE_ORGANIZATION = "directory-update-organization", Operator, Present, organizations::update,
            [PUT "/api/v1/org/{org_id}"] => {
                round_trips: 3,
                grants: &[
                    STANDING_OF_OPERATOR,
                    table(&[GetItem], &[P::OrganizationNumber, P::Organization]),
                    table(&[PutItem], &[P::Organization]),
                ],
            };
        /// Delete an organization.
        DELETE_ORGANIZATION = "directory-delete-organization", Operator, Present, organizations::delete,
            [DELETE "/api/v1/org/{org_id}"] => {
                round_trips: 9,
                // It ends the organization's keys one after another.
                timeout: LONGEST,
                grants: &[
                    STANDING_OF_OPERATOR,
                    table(&[GetItem], &[P::OrganizationNumber, P::Organization, P::Key]),
                    table(&[Query], &[P::Organization]),
                    table(&[PutItem], &[P::Organization, P::Key]),
                    table(&[DeleteItem], &[P::Organization, P::OrganizationNumber]),
                    // What it says beside the ledger of a team that goes.
                    attributes(&[UpdateItem], &[P::Organization], &["pk", "sk", "schema_version", "team_version"]),
                    Index(&[P::KeysOf]),
                ],
            };
        /// List organizations.
        LIST_ORGANIZATIONS = "directory-list-organizations", Operator, Cached, organizations::list,
            [GET "/api/v1/orgs"] => {
                round_trips: 1,
                grants: &[Index(&[P::Organizations])],
            };
        /// Show an organization.
        GET_ORGANIZATION = "directory-get-organization", Operator, Cached, organizations::get,
            [GET "/api/v1/org/{org_id}"] => {
                round_trips: 2,
                grants: &[table(&[GetItem], &[P::OrganizationNumber, P::Organization])],
            };
    }
}
