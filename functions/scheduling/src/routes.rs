//! Every operation of `/v2`.

use roster_domain::Permission::{AccountManagement, UserManagement, ViewMetrics};
use roster_runtime::{
    answer::problem,
    function::deployment::prelude::*,
    function::route::Access::{Key, Operator, OwnOr, Permission, Public},
};

use crate::{
    audit, calendars, changes, events, feeds, hooks, keys, organizations, slots, teams, time_off,
    users, wire,
};

/// What setting somebody's Exchange calendars needs.
const EXCHANGE: Grant = table(&[GetItem, PutItem], &[P::Calendars]);
/// What creating one user needs, and many.
const CREATING_USERS: &[Grant] = &[
    STANDING,
    table(&[BatchGetItem, GetItem], &[P::Organization]),
    table(
        &[PutItem],
        &[
            P::Organization,
            P::Login,
            P::Nickname,
            P::Signup,
            P::UserNumber,
        ],
    ),
    EXCHANGE,
    table(&[UpdateItem], &[P::Organization, P::Counter]),
    table(
        &[DeleteItem],
        &[P::Organization, P::Login, P::Nickname, P::Signup],
    ),
    COUNT_MAILS,
    Seal(&[User, Mail]),
];

/// What changing what a person is in a team needs.
const EDITING_ROLES: &[Grant] = &[table(
    &[GetItem, Query, PutItem, UpdateItem],
    &[P::Organization],
)];

/// What ending an event needs.
const ENDING_EVENTS: &[Grant] = &[
    table(&[BatchGetItem, GetItem, Query, PutItem], &[P::Organization]),
    TAKE_TURNS,
];

/// What writing an event needs that keeps its people and its dates.
const WRITING_EVENTS: &[Grant] = &[table(&[BatchGetItem, GetItem, PutItem], &[P::Organization])];

/// What writing an event needs that may have others.
const REWRITING_EVENTS: &[Grant] = &[table(
    &[BatchGetItem, GetItem, PutItem, DeleteItem],
    &[P::Organization],
)];

/// What moving an event needs.
const MOVING_EVENTS: &[Grant] = &[
    table(
        &[
            BatchGetItem,
            GetItem,
            Query,
            ConditionCheckItem,
            PutItem,
            DeleteItem,
        ],
        &[P::Organization],
    ),
    TAKE_TURNS,
];

/// What changing nothing of a user needs that bookings are decided by.
const WRITING_PREFERENCES: &[Grant] = &[
    STANDING,
    table(&[BatchGetItem, PutItem], &[P::Organization]),
];
/// What changing nothing but a user's hours needs: the teams' ledgers are told.
const WRITING_AVAILABILITY: &[Grant] = &[
    STANDING,
    table(&[BatchGetItem, PutItem], &[P::Organization]),
    attributes(
        &[UpdateItem],
        &[P::Organization],
        &["pk", "sk", "schema_version", "member_changed"],
    ),
];
/// Choosing what a team's admins are mailed about changes nothing else of the team.
const SETTING_ADMIN_PREFERENCES: &[Grant] = &[
    table(&[GetItem], &[P::Organization]),
    attributes(
        &[UpdateItem],
        &[P::Organization],
        &["pk", "sk", "schema_version", "__v", "admin_preferences"],
    ),
];
/// Giving a team's calendar an address changes nothing else of the team.
const SETTING_TEAM_FEED: &[Grant] = &[
    STANDING,
    table(&[GetItem], &[P::Organization]),
    attributes(
        &[UpdateItem],
        &[P::Organization],
        &["pk", "sk", "schema_version", "__v", "feed"],
    ),
];
/// Saying when somebody is away changes nothing else of them. Who says it of themselves is
/// held to what they may in the same write.
const WRITING_TIME_OFF: Grant = attributes(
    &[UpdateItem],
    &[P::Organization],
    &[
        "pk",
        "sk",
        "schema_version",
        "__v",
        "time_off",
        "team_version",
        "member_changed",
        "deactivated_at",
        "joined_at",
        "login",
        "permissions",
        "session_epoch",
    ],
);
/// The same, with the events that fall into it.
const SETTING_TIME_OFF: &[Grant] = &[
    STANDING,
    table(&[BatchGetItem, GetItem, Query], &[P::Organization]),
    WRITING_TIME_OFF,
];
/// Reading whom a team can book, and how fresh their own calendars are.
const READING_PEOPLE: Grant = table(&[BatchGetItem], &[P::Organization, P::Calendars]);
/// What taking out a calendar needs.
const TAKING_CALENDARS: &[Grant] = &[
    STANDING,
    table(&[BatchGetItem], &[P::Organization, P::Calendars]),
    // The user says where there are some.
    table(&[PutItem], &[P::Organization, P::Calendars]),
];
/// What setting calendars needs.
const SETTING_CALENDARS: &[Grant] = &[
    STANDING,
    table(&[BatchGetItem], &[P::Organization, P::Calendars]),
    table(&[PutItem], &[P::Organization, P::Calendars]),
    Seal(&[User, Purpose::Team, Purpose::Organization]),
];
/// What creating a hook needs, and deleting one: they are counted.
const COUNTING_HOOKS: Grant = attributes(
    &[UpdateItem],
    &[P::Hooks],
    &["pk", "sk", "schema_version", "count"],
);
/// What changing a hook needs.
const WRITING_HOOKS: Grant = table(&[GetItem, PutItem], &[P::Hooks]);
/// What any write of a user is given.
const WRITING_HOURS: &[V] = &[V::AppUrl, V::MailFrom, V::SealingKey];

// Who may call what: each line names the permission that a user needs who calls
// with a key or a session of their own. Other keys may do everything that is
// not the operator's. Teams are made of users, so they need what users need;
// reading a team and booking with it is for everybody in the organization.

roster_runtime::routes! {
    problem::render, wire::fields::location => {
        /// List users.
        LIST_USERS = "scheduling-list-users", Permission(UserManagement), Cached, users::list,
            [GET "/v2/users", GET "/v2/users/"] => {
                round_trips: 1, timeout: LONGEST, variables: &[V::AppUrl],
                grants: &[table(&[BatchGetItem, GetItem, Query], &[P::Organization])],
            };
        /// Retrieve a user.
        GET_USER = "scheduling-get-user", OwnOr(UserManagement), Cached, users::get,
            [GET "/v2/users/{user_id}"] => {
                round_trips: 1, variables: &[V::AppUrl],
                grants: &[table(&[BatchGetItem], &[P::Organization])],
            };
        /// Create a user, or change the one that the body names.
        CREATE_USER = "scheduling-create-user", Permission(UserManagement), Present, users::create,
            [POST "/v2/users"], AnswerFirst => {
                round_trips: 2, memory: Passwords, variables: &[V::AppUrl, V::MailFrom, V::SealingKey],
                grants: CREATING_USERS,
            };
        /// Change a user.
        UPDATE_USER = "scheduling-update-user", Permission(UserManagement), Present, users::update,
            [PUT "/v2/users/{user_id}"] => {
                round_trips: 3, memory: Passwords, variables: &[V::AppUrl, V::MailFrom, V::SealingKey],
                grants: &[
                    STANDING,
                    table(&[BatchGetItem], &[P::Organization]),
                    table(&[PutItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                    EXCHANGE,
                    table(&[UpdateItem], &[P::Organization]),
                    table(&[DeleteItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                    COUNT_MAILS,
                    Seal(&[User, Mail]),
                ],
            };
        /// When a user can be booked.
        GET_AVAILABILITY = "scheduling-get-availability", OwnOr(UserManagement), Cached, users::availabilities::get,
            [GET "/v2/users/{user_id}/availabilities"] => {
                round_trips: 1,
                grants: &[table(&[BatchGetItem], &[P::Organization])],
            };
        /// Say when a user can be booked.
        CREATE_AVAILABILITY = "scheduling-create-availability", Permission(UserManagement), Present, users::availabilities::create,
            [POST "/v2/users/{user_id}/availabilities"] => {
                round_trips: 2, variables: WRITING_HOURS,
                grants: WRITING_AVAILABILITY,
            };
        /// Change when a user can be booked.
        UPDATE_AVAILABILITY = "scheduling-update-availability", Permission(UserManagement), Present, users::availabilities::update,
            [PUT "/v2/users/{user_id}/availabilities"] => {
                round_trips: 2, variables: WRITING_HOURS,
                grants: WRITING_AVAILABILITY,
            };
        /// Let a user be booked at any hour.
        DELETE_AVAILABILITY = "scheduling-delete-availability", Permission(UserManagement), Present, users::availabilities::delete,
            [DELETE "/v2/users/{user_id}/availabilities"] => {
                round_trips: 2, variables: WRITING_HOURS,
                grants: WRITING_AVAILABILITY,
            };
        /// What a user is mailed about.
        GET_PREFERENCES = "scheduling-get-preferences", OwnOr(UserManagement), Cached, users::preferences::get,
            [GET "/v2/users/{user_id}/preferences"] => {
                round_trips: 1,
                grants: &[table(&[BatchGetItem], &[P::Organization])],
            };
        /// Choose what a user is mailed about.
        UPDATE_PREFERENCES = "scheduling-update-preferences", OwnOr(UserManagement), Present, users::preferences::update,
            [PUT "/v2/users/{user_id}/preferences"] => {
                round_trips: 2, variables: WRITING_HOURS,
                grants: WRITING_PREFERENCES,
            };
        /// The calendar of a user, for who has its address.
        USER_CALENDAR = "scheduling-user-calendar", Public, Cached, feeds::user_calendar,
            [GET "/v2/users/{user_id}/calendar.ics"] => {
                round_trips: 3, timeout: LONGEST,
                grants: &[table(&[BatchGetItem, GetItem, Query], &[P::Organization])],
            };
        /// When a user is busy, for who has the address.
        USER_FREEBUSY = "scheduling-user-freebusy", Public, Cached, feeds::user_freebusy,
            [GET "/v2/users/{user_id}/freebusy.ics"] => {
                round_trips: 2,
                grants: &[table(&[BatchGetItem, GetItem, Query], &[P::Organization])],
            };
        /// Give a user's calendar an address.
        CREATE_USER_FEED = "scheduling-create-user-feed", OwnOr(UserManagement), Present, feeds::create_of_user,
            [POST "/v2/users/{user_id}/feed"] => {
                round_trips: 2, variables: WRITING_HOURS,
                grants: WRITING_PREFERENCES,
            };
        /// Take the address of a user's calendar away.
        DELETE_USER_FEED = "scheduling-delete-user-feed", OwnOr(UserManagement), Present, feeds::delete_of_user,
            [DELETE "/v2/users/{user_id}/feed"] => {
                round_trips: 2, variables: WRITING_HOURS,
                grants: WRITING_PREFERENCES,
            };
        /// Take a user out of the organization.
        UNLINK_USER = "scheduling-unlink-user", Permission(UserManagement), Present, users::unlink,
            [DELETE "/v2/users/{user_id}"] => {
                round_trips: 4, timeout: LONGEST, variables: &[V::AppUrl],
                grants: &[
                    Index(&[P::KeysOf]),
                    STANDING,
                    table(&[BatchGetItem, GetItem, Query], &[P::Organization]),
                    table(&[GetItem], &[P::Calendars]),
                    // The user moves to those without an organization.
                    table(&[PutItem], &[P::NoOrganization, P::UserNumber, P::Calendars]),
                    // One account manager fewer; and the teams' ledgers are told.
                    attributes(
                        &[UpdateItem],
                        &[P::Organization],
                        &["pk", "sk", "schema_version", "count", "member_changed"],
                    ),
                    table(&[DeleteItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                ],
            };
        /// Create many users.
        CREATE_USERS = "scheduling-create-users", Permission(UserManagement), Present, users::batch::create,
            [POST "/v2/users/batch"] => {
                round_trips: 3, memory: Passwords, timeout: LONGEST, variables: &[V::AppUrl, V::MailFrom, V::SealingKey],
                grants: CREATING_USERS,
            };
        /// Change many users.
        UPDATE_USERS = "scheduling-update-users", Permission(UserManagement), Present, users::batch::update,
            [PUT "/v2/users/batch", PUT "/v2/users"] => {
                round_trips: 3, memory: Passwords, timeout: LONGEST, variables: &[V::AppUrl, V::MailFrom, V::SealingKey],
                grants: &[
                    STANDING,
                    table(&[BatchGetItem, GetItem], &[P::Organization]),
                    table(&[PutItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                    EXCHANGE,
                    table(&[UpdateItem], &[P::Organization]),
                    table(&[DeleteItem], &[P::Organization, P::Login, P::Nickname, P::Signup]),
                    COUNT_MAILS,
                    Seal(&[User, Mail]),
                ],
            };
        /// List teams.
        LIST_TEAMS = "scheduling-list-teams", Key, Cached, teams::list,
            [GET "/v2/teams", GET "/v2/teams/"] => {
                round_trips: 1,
                grants: &[table(&[GetItem, Query], &[P::Organization])],
            };
        /// Retrieve a team.
        GET_TEAM = "scheduling-get-team", Key, Cached, teams::get,
            [GET "/v2/teams/{team_id}"] => {
                round_trips: 1,
                grants: &[table(&[Query], &[P::Organization])],
            };
        /// Create a team.
        CREATE_TEAM = "scheduling-create-team", Permission(UserManagement), Cached, teams::create,
            [POST "/v2/teams"], AnswerFirst => {
                round_trips: 2,
                grants: &[table(&[BatchGetItem, GetItem, Query, ConditionCheckItem, PutItem, UpdateItem, DeleteItem], &[P::Organization])],
            };
        /// Create many teams.
        CREATE_TEAMS = "scheduling-create-teams", Permission(UserManagement), Cached, teams::batch::create,
            [POST "/v2/teams/batch"] => {
                round_trips: 2, timeout: LONGEST,
                grants: &[table(&[BatchGetItem, Query, ConditionCheckItem, PutItem, UpdateItem, DeleteItem], &[P::Organization])],
            };
        /// Change a team.
        UPDATE_TEAM = "scheduling-update-team", Permission(UserManagement), Cached, teams::update,
            [PUT "/v2/teams/{team_id}"] => {
                round_trips: 2,
                grants: &[table(&[BatchGetItem, Query, PutItem, UpdateItem, DeleteItem], &[P::Organization])],
            };
        /// Put a user in a team.
        ADD_MEMBER = "scheduling-add-member", Permission(UserManagement), Cached, teams::members::add,
            [POST "/v2/teams/{team_id}/members"] => {
                round_trips: 2,
                grants: EDITING_ROLES,
            };
        /// Take a person out of a team.
        REMOVE_MEMBER = "scheduling-remove-member", Permission(UserManagement), Cached, teams::members::remove,
            [DELETE "/v2/teams/{team_id}/members/{member_id}"] => {
                round_trips: 4, variables: &[V::AppUrl],
                grants: &[table(
                    &[BatchGetItem, GetItem, Query, PutItem, UpdateItem, DeleteItem],
                    &[P::Organization],
                )],
            };
        /// Make a member an admin.
        MAKE_ADMIN = "scheduling-make-admin", Permission(UserManagement), Cached, teams::members::make_admin,
            [POST "/v2/teams/{team_id}/members/{member_id}/admin"] => {
                round_trips: 2,
                grants: EDITING_ROLES,
            };
        /// Let an admin be a member only.
        END_ADMIN = "scheduling-end-admin", Permission(UserManagement), Cached, teams::members::end_admin,
            [DELETE "/v2/teams/{team_id}/members/{member_id}/admin"] => {
                round_trips: 2,
                grants: EDITING_ROLES,
            };
        /// Make a user an admin who is no member.
        MAKE_ADMIN_ONLY = "scheduling-make-admin-only", Permission(UserManagement), Cached, teams::members::make_admin_only,
            [POST "/v2/teams/{team_id}/members/{member_id}/admin-only"] => {
                round_trips: 2,
                grants: EDITING_ROLES,
            };
        /// Take an admin who is no member out of a team.
        END_ADMIN_ONLY = "scheduling-end-admin-only", Permission(UserManagement), Cached, teams::members::end_admin_only,
            [DELETE "/v2/teams/{team_id}/members/{member_id}/admin-only"] => {
                round_trips: 2,
                grants: &[table(
                    &[GetItem, Query, PutItem, UpdateItem, DeleteItem],
                    &[P::Organization],
                )],
            };
        /// What a team's admins are mailed about.
        GET_ADMIN_PREFERENCES = "scheduling-get-admin-preferences", Key, Cached, teams::admin_preferences::get,
            [GET "/v2/teams/{team_id}/admin-preferences"] => {
                round_trips: 1,
                grants: &[table(&[GetItem], &[P::Organization])],
            };
        /// Choose what a team's admins are mailed about.
        CREATE_ADMIN_PREFERENCES = "scheduling-create-admin-preferences", Permission(UserManagement), Cached, teams::admin_preferences::create,
            [POST "/v2/teams/{team_id}/admin-preferences"] => {
                round_trips: 2,
                grants: SETTING_ADMIN_PREFERENCES,
            };
        /// Change what a team's admins are mailed about.
        UPDATE_ADMIN_PREFERENCES = "scheduling-update-admin-preferences", Permission(UserManagement), Cached, teams::admin_preferences::update,
            [PUT "/v2/teams/{team_id}/admin-preferences"] => {
                round_trips: 2,
                grants: SETTING_ADMIN_PREFERENCES,
            };
        /// The calendar of a team, for who has its address.
        TEAM_CALENDAR = "scheduling-team-calendar", Public, Cached, feeds::team_calendar,
            [GET "/v2/teams/{team_id}/calendar.ics"] => {
                round_trips: 4, timeout: LONGEST,
                grants: &[table(&[BatchGetItem, GetItem, Query], &[P::Organization])],
            };
        /// When all members of a team are busy, for who has the address.
        TEAM_FREEBUSY = "scheduling-team-freebusy", Public, Cached, feeds::team_freebusy,
            [GET "/v2/teams/{team_id}/freebusy.ics"] => {
                round_trips: 3,
                grants: &[table(&[BatchGetItem, GetItem, Query], &[P::Organization])],
            };
        /// Give a team's calendar an address.
        CREATE_TEAM_FEED = "scheduling-create-team-feed", Permission(UserManagement), Present, feeds::create_of_team,
            [POST "/v2/teams/{team_id}/feed"] => {
                round_trips: 2,
                grants: SETTING_TEAM_FEED,
            };
        /// Take the address of a team's calendar away.
        DELETE_TEAM_FEED = "scheduling-delete-team-feed", Permission(UserManagement), Present, feeds::delete_of_team,
            [DELETE "/v2/teams/{team_id}/feed"] => {
                round_trips: 2,
                grants: SETTING_TEAM_FEED,
            };
        /// Delete a team.
        DELETE_TEAM = "scheduling-delete-team", Permission(UserManagement), Cached, teams::delete,
            [DELETE "/v2/teams/{team_id}"] => {
                round_trips: 2,
                grants: &[
                    table(&[Query, DeleteItem], &[P::Organization]),
                    // Of its people, it changes which teams they are in.
                    attributes(&[UpdateItem], &[P::Organization], &["pk", "sk", "schema_version", "__v", "teams", "team_version"]),
                ],
            };
        /// The page of a public team.
        PUBLIC_TEAM = "scheduling-public-team", Public, Cached, teams::public::get,
            [GET "/v2/teams/{team_id}/public"] => {
                round_trips: 1,
                grants: &[Index(&[P::Page])],
            };
        /// Book an event with a member of a team.
        BOOK_EVENT = "scheduling-book-event", Key, Cached, events::book,
            [POST "/v2/teams/{team_id}/events"], AnswerFirst => {
                round_trips: 3, gradual: true,
                variables: &[V::AppUrl, V::CalendarAge, V::CalendarsFunction, V::ReplyDomain],
                // It deletes only its claim on an idempotency key, after an error.
                grants: &[
                    READING_PEOPLE,
                    ReadCalendars,
                    table(&[GetItem, Query, ConditionCheckItem, PutItem, DeleteItem], &[P::Organization]),
                    TAKE_TURNS,
                ],
            };
        /// List team members' events.
        LIST_EVENTS = "scheduling-list-events", Key, Cached, events::list::of_team,
            [GET "/v2/teams/{team_id}/events"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: &[
                    table(&[BatchGetItem, GetItem, Query], &[P::Organization]),
                    Index(&[P::Events]),
                ],
            };
        /// Move an event to another member of its team.
        REASSIGN_EVENT = "scheduling-reassign-event", Permission(UserManagement), Cached, events::change::reassign,
            [POST "/v2/teams/{team_id}/events/{event_id}/reassign"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: &[
                    READING_PEOPLE,
                    table(&[GetItem, Query, ConditionCheckItem, PutItem, DeleteItem], &[P::Organization]),
                    TAKE_TURNS,
                ],
            };
        /// List events.
        LIST_ALL_EVENTS = "scheduling-list-all-events", Key, Cached, events::list::all,
            [GET "/v2/events", GET "/v2/events/"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: &[
                    table(&[BatchGetItem, GetItem, Query], &[P::Organization]),
                    Index(&[P::Events]),
                ],
            };
        /// Create an event without a team.
        CREATE_EVENT = "scheduling-create-event", Key, Cached, events::create,
            [POST "/v2/events"], AnswerFirst => {
                round_trips: 3, variables: &[V::AppUrl, V::ReplyDomain],
                // It deletes only its claim on an idempotency key, after an error.
                grants: &[table(
                    &[BatchGetItem, GetItem, ConditionCheckItem, PutItem, DeleteItem],
                    &[P::Organization],
                )],
            };
        /// Change an event.
        UPDATE_EVENT = "scheduling-update-event", Key, Cached, events::change::update,
            [PUT "/v2/events/{event_id}"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: REWRITING_EVENTS,
            };
        /// Invite people to an event.
        INVITE_TO_EVENT = "scheduling-invite-to-event", Key, Cached, events::change::invite,
            [POST "/v2/events/{event_id}/invitees"] => {
                round_trips: 3,
                grants: WRITING_EVENTS,
            };
        /// Take an invitee off an event.
        REMOVE_INVITEE = "scheduling-remove-invitee", Key, Cached, events::change::remove_invitee,
            [DELETE "/v2/events/{event_id}/invitees/{invitee_id}"] => {
                round_trips: 3,
                grants: REWRITING_EVENTS,
            };
        /// Give an event to another organizer.
        HAND_OVER_EVENT = "scheduling-hand-over-event", Key, Cached, events::change::hand_to,
            [POST "/v2/events/{event_id}/admin"] => {
                round_trips: 3,
                grants: &[table(
                    &[BatchGetItem, GetItem, Query, PutItem, DeleteItem],
                    &[P::Organization],
                )],
            };
        /// Retrieve an event.
        GET_EVENT = "scheduling-get-event", Key, Cached, events::get,
            [GET "/v2/events/{event_id}"] => {
                round_trips: 1, variables: &[V::AppUrl],
                grants: &[table(&[GetItem], &[P::Organization])],
            };
        /// Confirm a date of an event.
        CONFIRM_EVENT = "scheduling-confirm-event", Key, Cached, events::change::confirm,
            [POST "/v2/events/{event_id}/confirm"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: WRITING_EVENTS,
            };
        /// Cancel an event.
        CANCEL_EVENT = "scheduling-cancel-event", Key, Cached, events::change::cancel,
            [POST "/v2/events/{event_id}/cancel"] => {
                round_trips: 3,
                grants: ENDING_EVENTS,
            };
        /// Decline an invitation to an event.
        DECLINE_EVENT = "scheduling-decline-event", Key, Cached, events::change::decline,
            [POST "/v2/events/{event_id}/decline"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: ENDING_EVENTS,
            };
        /// Note that nobody came to an event.
        NOTE_NO_SHOW = "scheduling-note-no-show", Key, Cached, events::change::no_show,
            [POST "/v2/events/{event_id}/no-show"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: ENDING_EVENTS,
            };
        /// Move an event to another date.
        RESCHEDULE_EVENT = "scheduling-reschedule-event", Key, Cached, events::change::reschedule,
            [POST "/v2/events/{event_id}/reschedule"] => {
                round_trips: 3, variables: &[V::AppUrl],
                grants: MOVING_EVENTS,
            };
        /// The ledger of a team and its last decisions.
        LIST_ASSIGNMENTS = "scheduling-list-assignments", Permission(ViewMetrics), Cached, teams::assignments::list,
            [GET "/v2/teams/{team_id}/assignments"] => {
                round_trips: 1,
                grants: &[table(&[BatchGetItem, GetItem, Query], &[P::Organization])],
            };
        /// Who would get a booking.
        PREVIEW_ASSIGNMENT = "scheduling-preview-assignment", Key, Cached, teams::assignments::preview,
            [POST "/v2/teams/{team_id}/assignments/preview"] => {
                round_trips: 3, variables: &[V::CalendarAge, V::CalendarsFunction, V::ReplyDomain],
                grants: &[READING_PEOPLE, ReadCalendars, table(&[GetItem, Query], &[P::Organization])],
            };
        /// Give a member units of a team's ledger.
        CREDIT_MEMBER = "scheduling-credit-member", Permission(UserManagement), Cached, teams::assignments::credit,
            [POST "/v2/teams/{team_id}/assignments/credit"], AnswerFirst => {
                round_trips: 2,
                // It deletes only its claim on an idempotency key, after an error.
                grants: &[
                    table(&[BatchGetItem, GetItem, Query, PutItem, DeleteItem], &[P::Organization]),
                    TAKE_TURNS,
                ],
            };
        /// The organization of the key that calls.
        TEST_AUTH = "scheduling-test-auth", Key, Cached, organizations::own,
            [GET "/v2/auth/test"] => {
                round_trips: 1,
                grants: &[table(&[GetItem], &[P::Organization])],
            };
        /// When people can be booked.
        LIST_SLOTS = "scheduling-list-slots", Key, Cached, slots::list,
            [GET "/v2/slots"] => {
                round_trips: 6, variables: &[V::CalendarAge, V::CalendarsFunction],
                grants: &[READING_PEOPLE, ReadCalendars, table(&[Query], &[P::Organization])],
            };
        /// When people can be booked, by day.
        LIST_SLOTS_BY_DAY = "scheduling-list-slots-by-day", Key, Cached, slots::by_day,
            [GET "/v2/slots/days"] => {
                round_trips: 6, variables: &[V::CalendarAge, V::CalendarsFunction],
                grants: &[READING_PEOPLE, ReadCalendars, table(&[Query], &[P::Organization])],
            };
        /// The first day on which people can be booked.
        NEXT_SLOTS = "scheduling-next-slots", Key, Cached, slots::next,
            [GET "/v2/slots/next"] => {
                round_trips: 4, variables: &[V::CalendarAge, V::CalendarsFunction],
                grants: &[READING_PEOPLE, ReadCalendars, table(&[Query], &[P::Organization])],
            };
        /// When people are busy.
        LIST_BUSY = "scheduling-list-busy", Key, Cached, slots::list_busy,
            [GET "/v2/busy"] => {
                round_trips: 2, variables: &[V::CalendarAge, V::CalendarsFunction],
                grants: &[READING_PEOPLE, ReadCalendars, table(&[Query], &[P::Organization])],
            };
        /// Hold a time for a booking.
        CREATE_HOLD = "scheduling-create-hold", Key, Cached, slots::holds::create,
            [POST "/v2/slots/holds"] => {
                round_trips: 3, variables: &[V::CalendarAge, V::CalendarsFunction],
                grants: &[READING_PEOPLE, ReadCalendars, table(
                    &[Query, ConditionCheckItem, PutItem],
                    &[P::Organization],
                )],
            };
        /// Free a time that is held.
        DELETE_HOLD = "scheduling-delete-hold", Key, Cached, slots::holds::delete,
            [DELETE "/v2/slots/holds/{hold_id}"] => {
                round_trips: 3,
                grants: &[table(
                    &[BatchGetItem, GetItem, PutItem, DeleteItem],
                    &[P::Organization],
                )],
            };
        /// List API keys.
        LIST_KEYS = "scheduling-list-keys", Permission(AccountManagement), Cached, keys::list,
            [GET "/v2/keys"] => {
                round_trips: 1,
                grants: &[Index(&[P::KeysOf])],
            };
        /// Create an API key.
        CREATE_KEY = "scheduling-create-key", Permission(AccountManagement), Present, keys::create,
            [POST "/v2/keys"] => {
                round_trips: 2,
                grants: &[
                    STANDING,
                    table(&[GetItem], &[P::Organization]),
                    table(&[PutItem], &[P::Key]),
                ],
            };
        /// Give an API key a new secret.
        ROTATE_KEY = "scheduling-rotate-key", Permission(AccountManagement), Present, keys::rotate,
            [POST "/v2/keys/{key_id}/rotate"] => {
                round_trips: 2,
                grants: &[
                    STANDING,
                    table(&[GetItem], &[P::Key, P::Organization]),
                    table(&[PutItem], &[P::Key]),
                ],
            };
        /// End an API key.
        REVOKE_KEY = "scheduling-revoke-key", Permission(AccountManagement), Present, keys::revoke,
            [DELETE "/v2/keys/{key_id}"] => {
                round_trips: 2,
                grants: &[
                    STANDING,
                    table(&[GetItem, PutItem], &[P::Key]),
                ],
            };
        /// List changes.
        LIST_CHANGES = "scheduling-list-changes", Permission(AccountManagement), Cached, changes::list,
            [GET "/v2/changes"] => {
                round_trips: 2, timeout: LONGEST, variables: &[V::AppUrl],
                grants: &[
                    table(&[BatchGetItem], &[P::Organization, P::Hooks]),
                    table(&[Query], &[P::Organization, P::Changes]),
                ],
            };
        /// List who did what.
        LIST_AUDIT = "scheduling-list-audit", Permission(AccountManagement), Cached, audit::list,
            [GET "/v2/audit"] => {
                round_trips: 1, timeout: LONGEST,
                grants: &[table(&[Query], &[P::Audit])],
            };
        /// List webhooks, in an object.
        LIST_HOOKS = "scheduling-list-hooks", Permission(AccountManagement), Cached, hooks::list,
            [GET "/hooks"] => {
                round_trips: 1,
                grants: &[table(&[Query], &[P::Hooks])],
            };
        /// List webhooks.
        LIST_BARE_HOOKS = "scheduling-list-bare-hooks", Permission(AccountManagement), Cached, hooks::list_bare,
            [GET "/v2/hooks"] => {
                round_trips: 1,
                grants: &[table(&[Query], &[P::Hooks])],
            };
        /// Create a webhook.
        CREATE_HOOK = "scheduling-create-hook", Permission(AccountManagement), Present, hooks::create,
            [POST "/hooks", POST "/v2/hooks"] => {
                round_trips: 2, variables: &[V::HookTargets, V::SealingKey],
                grants: &[STANDING, table(&[PutItem], &[P::Hooks]), COUNTING_HOOKS, Seal(&[Hook])],
            };
        /// Retrieve a webhook.
        GET_HOOK = "scheduling-get-hook", Permission(AccountManagement), Cached, hooks::get,
            [GET "/hooks/{hook_id}", GET "/v2/hooks/{hook_id}"] => {
                round_trips: 1,
                grants: &[table(&[GetItem], &[P::Hooks])],
            };
        /// Change a webhook.
        UPDATE_HOOK = "scheduling-update-hook", Permission(AccountManagement), Present, hooks::update,
            [PUT "/hooks/{hook_id}", PUT "/v2/hooks/{hook_id}"] => {
                round_trips: 2, variables: &[V::HookTargets],
                grants: &[STANDING, WRITING_HOOKS],
            };
        /// Delete a webhook.
        DELETE_HOOK = "scheduling-delete-hook", Permission(AccountManagement), Present, hooks::delete,
            [DELETE "/hooks/{hook_id}", DELETE "/v2/hooks/{hook_id}"] => {
                round_trips: 2,
                grants: &[STANDING, table(&[DeleteItem], &[P::Hooks]), COUNTING_HOOKS],
            };
        /// Replace the secret of a webhook.
        ROTATE_HOOK = "scheduling-rotate-hook", Permission(AccountManagement), Present, hooks::rotate,
            [POST "/v2/hooks/{hook_id}/rotate"] => {
                round_trips: 2, variables: &[V::SealingKey],
                grants: &[STANDING, WRITING_HOOKS, Seal(&[Hook])],
            };
        /// Ask for a delivery, to see whether it arrives.
        PING_HOOK = "scheduling-ping-hook", Permission(AccountManagement), Cached, hooks::deliveries::ping,
            [POST "/v2/hooks/{hook_id}/ping"] => {
                round_trips: 1,
                grants: &[
                    table(&[PutItem], &[P::Deliveries]),
                    table(&[ConditionCheckItem], &[P::Hooks]),
                ],
            };
        /// List the deliveries to a webhook.
        LIST_DELIVERIES = "scheduling-list-deliveries", Permission(AccountManagement), Cached, hooks::deliveries::list,
            [GET "/v2/hooks/{hook_id}/deliveries"] => {
                round_trips: 1,
                grants: &[table(&[GetItem], &[P::Hooks]), table(&[Query], &[P::Deliveries])],
            };
        /// Repeat a delivery to a webhook.
        REPLAY_DELIVERY = "scheduling-replay-delivery", Permission(AccountManagement), Cached, hooks::deliveries::replay,
            [POST "/v2/hooks/{hook_id}/deliveries/{delivery_id}/replay"] => {
                round_trips: 2,
                grants: &[
                    table(&[GetItem, PutItem], &[P::Deliveries]),
                    table(&[ConditionCheckItem], &[P::Hooks]),
                ],
            };
        /// The calendars of a user, a team or an organization.
        GET_CALENDARS = "scheduling-get-calendars", OwnOr(UserManagement), Cached, calendars::get,
            [
                GET "/v2/users/{user_id}/calendars",
                GET "/v2/teams/{team_id}/calendars",
                GET "/v2/organizations/{organization_id}/calendars"
            ] => {
                round_trips: 1,
                grants: &[table(&[BatchGetItem], &[P::Organization, P::Calendars])],
            };
        /// Set the calendars of a user, a team or an organization.
        UPDATE_CALENDARS = "scheduling-update-calendars", OwnOr(UserManagement), Present, calendars::update,
            [
                PUT "/v2/users/{user_id}/calendars",
                PUT "/v2/teams/{team_id}/calendars",
                PUT "/v2/organizations/{organization_id}/calendars"
            ] => {
                round_trips: 2, timeout: LONGEST, variables: &[V::HookTargets, V::SealingKey],
                grants: SETTING_CALENDARS,
            };
        /// Take out a calendar of a user.
        DELETE_CALENDAR = "scheduling-delete-calendar", OwnOr(UserManagement), Present, calendars::delete,
            [
                DELETE "/v2/users/{user_id}/calendars/{calendar_id}",
                DELETE "/v2/teams/{team_id}/calendars/{calendar_id}",
                DELETE "/v2/organizations/{organization_id}/calendars/{calendar_id}"
            ] => {
                round_trips: 2,
                grants: TAKING_CALENDARS,
            };
        /// List time off.
        LIST_TIME_OFF = "scheduling-list-time-off", OwnOr(UserManagement), Cached, time_off::list,
            [
                GET "/v2/users/{user_id}/time-off",
                GET "/v2/teams/{team_id}/time-off",
                GET "/v2/organizations/{organization_id}/time-off"
            ] => {
                round_trips: 1,
                grants: &[table(&[GetItem], &[P::Organization])],
            };
        /// Enter a time off.
        CREATE_TIME_OFF = "scheduling-create-time-off", OwnOr(UserManagement), Present, time_off::create,
            [
                POST "/v2/users/{user_id}/time-off",
                POST "/v2/teams/{team_id}/time-off",
                POST "/v2/organizations/{organization_id}/time-off"
            ] => {
                round_trips: 5, variables: &[V::AppUrl],
                grants: SETTING_TIME_OFF,
            };
        /// Change a time off.
        UPDATE_TIME_OFF = "scheduling-update-time-off", OwnOr(UserManagement), Present, time_off::update,
            [
                PUT "/v2/users/{user_id}/time-off/{time_off_id}",
                PUT "/v2/teams/{team_id}/time-off/{time_off_id}",
                PUT "/v2/organizations/{organization_id}/time-off/{time_off_id}"
            ] => {
                round_trips: 5, variables: &[V::AppUrl],
                grants: SETTING_TIME_OFF,
            };
        /// Delete a time off.
        DELETE_TIME_OFF = "scheduling-delete-time-off", OwnOr(UserManagement), Present, time_off::delete,
            [
                DELETE "/v2/users/{user_id}/time-off/{time_off_id}",
                DELETE "/v2/teams/{team_id}/time-off/{time_off_id}",
                DELETE "/v2/organizations/{organization_id}/time-off/{time_off_id}"
            ] => {
                round_trips: 2,
                grants: &[STANDING, table(&[GetItem], &[P::Organization]), WRITING_TIME_OFF],
            };
        /// Give away the events that fall into a user's time off.
        REASSIGN_TIME_OFF = "scheduling-reassign-time-off", Permission(UserManagement), Cached, time_off::reassign,
            [POST "/v2/users/{user_id}/time-off/{time_off_id}/reassign"] => {
                round_trips: 6, timeout: LONGEST, variables: &[V::AppUrl],
                grants: &[
                    READING_PEOPLE,
                    table(&[GetItem, Query, PutItem, DeleteItem], &[P::Organization]),
                    TAKE_TURNS,
                ],
            };
        /// List organizations (operator).
        LIST_ORGANIZATIONS = "scheduling-list-organizations", Operator, Cached, organizations::list,
            [GET "/v2/organizations"] => {
                round_trips: 1,
                grants: &[Index(&[P::Organizations])],
            };
        /// Create an organization (operator).
        CREATE_ORGANIZATION = "scheduling-create-organization", Operator, Present, organizations::create,
            [POST "/v2/organizations"] => {
                round_trips: 2,
                grants: &[
                    STANDING_OF_OPERATOR,
                    table(&[UpdateItem], &[P::Counter]),
                    table(&[PutItem], &[P::Organization, P::OrganizationNumber, P::Key]),
                ],
            };
    }
}
