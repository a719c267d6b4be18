//! Every operation of `/v2`.

use roster_domain::Permission::{AccountManagement, UserManagement, ViewMetrics};
use roster_runtime::{
    problem,
    route::Access::{Key, Operator, OwnOr, Permission, Public},
};

use crate::{assignments, events, keys, organizations, public_team, teams, users, users_batch};

// Who may call what: each line names the permission that a user needs who calls
// with a key or a session of their own. Other keys may do everything that is
// not the operator's. Teams are made of users, so they need what users need;
// reading a team and booking with it is for everybody in the organization.

roster_runtime::routes! {
    problem::render => {
        /// List users (S0, S1).
        LIST_USERS = "scheduling-list-users", Permission(UserManagement), Cached, users::list, [GET "/v2/users", GET "/v2/users/"];
        /// Retrieve a user (S1).
        GET_USER = "scheduling-get-user", OwnOr(UserManagement), Cached, users::get, [GET "/v2/users/{user_id}"];
        /// Create a user, or change the one that the body names (S0, S1).
        CREATE_USER = "scheduling-create-user", Permission(UserManagement), Present, users::create, [POST "/v2/users"], AnswerFirst;
        /// Change a user (S0, S1).
        UPDATE_USER = "scheduling-update-user", Permission(UserManagement), Present, users::update, [PUT "/v2/users/{user_id}"];
        /// Take a user out of the organization (S1).
        UNLINK_USER = "scheduling-unlink-user", Permission(UserManagement), Present, users::unlink, [DELETE "/v2/users/{user_id}"];
        /// Create many users (S0).
        CREATE_USERS = "scheduling-create-users", Permission(UserManagement), Present, users_batch::create, [POST "/v2/users/batch"];
        /// Change many users (S0).
        UPDATE_USERS = "scheduling-update-users", Permission(UserManagement), Present, users_batch::update, [PUT "/v2/users/batch", PUT "/v2/users"];
        /// List teams (S2).
        LIST_TEAMS = "scheduling-list-teams", Key, Cached, teams::list, [GET "/v2/teams", GET "/v2/teams/"];
        /// Retrieve a team (S2).
        GET_TEAM = "scheduling-get-team", Key, Cached, teams::get, [GET "/v2/teams/{team_id}"];
        /// Create a team (S2).
        CREATE_TEAM = "scheduling-create-team", Permission(UserManagement), Cached, teams::create, [POST "/v2/teams"], AnswerFirst;
        /// Change a team (S2).
        UPDATE_TEAM = "scheduling-update-team", Permission(UserManagement), Cached, teams::update, [PUT "/v2/teams/{team_id}"];
        /// Delete a team (S2).
        DELETE_TEAM = "scheduling-delete-team", Permission(UserManagement), Cached, teams::delete, [DELETE "/v2/teams/{team_id}"];
        /// The page of a public team (S2).
        PUBLIC_TEAM = "scheduling-public-team", Public, Cached, public_team::get, [GET "/v2/teams/{team_id}/public"];
        /// Book an event with a member of a team (S2).
        BOOK_EVENT = "scheduling-book-event", Key, Cached, events::book, [POST "/v2/teams/{team_id}/events"], AnswerFirst;
        /// List team members' events (S2).
        LIST_EVENTS = "scheduling-list-events", Key, Cached, events::list, [GET "/v2/teams/{team_id}/events"];
        /// Move an event to another member of its team.
        REASSIGN_EVENT = "scheduling-reassign-event", Permission(UserManagement), Cached, events::reassign, [POST "/v2/teams/{team_id}/events/{event_id}/reassign"];
        /// The ledger of a team and its last decisions.
        LIST_ASSIGNMENTS = "scheduling-list-assignments", Permission(ViewMetrics), Cached, assignments::list, [GET "/v2/teams/{team_id}/assignments"];
        /// List API keys.
        LIST_KEYS = "scheduling-list-keys", Permission(AccountManagement), Cached, keys::list, [GET "/v2/keys"];
        /// Create an API key.
        CREATE_KEY = "scheduling-create-key", Permission(AccountManagement), Present, keys::create, [POST "/v2/keys"];
        /// Give an API key a new secret.
        ROTATE_KEY = "scheduling-rotate-key", Permission(AccountManagement), Present, keys::rotate, [POST "/v2/keys/{key_id}/rotate"];
        /// End an API key.
        REVOKE_KEY = "scheduling-revoke-key", Permission(AccountManagement), Present, keys::revoke, [DELETE "/v2/keys/{key_id}"];
        /// List organizations (operator).
        LIST_ORGANIZATIONS = "scheduling-list-organizations", Operator, Cached, organizations::list, [GET "/v2/organizations"];
        /// Create an organization (operator).
        CREATE_ORGANIZATION = "scheduling-create-organization", Operator, Present, organizations::create, [POST "/v2/organizations"];
    }
}
