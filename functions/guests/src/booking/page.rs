//! Whose page it is, and what its owner says of it.

use lambda_http::RequestExt as _;
use roster_domain::{
    Error, Result, TeamId, UserId,
    bookings::agenda::zone_name_of,
    organization::Organization,
    text::{Message, Nickname},
    users::booking_page::{FixedPlace, PageSettings},
    users::language::Language,
    zone::ZoneName,
};
use roster_pages::asked_language;
use roster_runtime::Call;
use roster_store::{
    bookings::{holds::Held, schedules::Whose},
    dynamodb::table::Freshness,
};

use super::query::LANG;

/// Minutes of an event where nobody says how long it is.
const DEFAULT_MINUTES: u32 = 30;
/// Most minutes that an address can ask for.
const MAX_MINUTES: u32 = 1_440;

/// Who is booked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Owner {
    /// A user.
    User(UserId),
    /// The member of a team whose turn it is.
    Team(TeamId),
}

/// How times are chosen on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Choice {
    /// One, which is held while the form is filled in, and confirmed at once.
    Held,
    /// One, which the owner confirms.
    One,
    /// At least so many, of which the owner confirms one.
    Several(u32),
}

/// A page.
#[derive(Debug)]
pub(crate) struct Page {
    /// Whose it is.
    pub(crate) owner: Owner,
    /// The organization.
    pub(crate) organization: Organization,
    /// The owner's name.
    pub(crate) name: String,
    /// What the owner says on it.
    pub(crate) message: Option<Message>,
    /// How it behaves.
    pub(crate) settings: PageSettings,
    /// The owner's zone, where it is one user.
    pub(crate) zone: Option<ZoneName>,
    /// How long an event is, in minutes.
    pub(crate) minutes: u32,
    /// How many parts its path has.
    depth: usize,
}

impl Page {
    /// The page that the address names: two round trips.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or its owner takes no bookings.
    pub(crate) async fn find(call: &Call<'_>) -> Result<Self> {
        let none = || Error::NotFound("page");
        let asked = match call.path_text("minutes") {
            "" => None,
            text => Some(minutes(text).ok_or_else(none)?),
        };
        let team = call.path_text("team_id");
        let page = if team.is_empty() {
            Self::of_user(call, asked).await?
        } else {
            let of_query = call.query_parameter("minutes").ok().flatten();
            let asked = of_query.as_deref().and_then(minutes);
            Self::of_team(call, team.parse().map_err(|_| none())?, asked).await?
        };
        // Nobody joins an organization that is being deleted.
        if page.organization.closing_at.is_some() {
            return Err(none());
        }
        Ok(page)
    }

    async fn of_user(call: &Call<'_>, asked: Option<u32>) -> Result<Self> {
        let none = || Error::NotFound("page");
        let nickname: Nickname = call.path_text("nickname").parse().map_err(|_| none())?;
        let (organization, id) = call.store.page_owner(&nickname).await?;
        let (user, organization) = call.store.tenant(organization).user(id).await?;
        let own = user.nickname().map(Nickname::folded);
        if !user.is_active() || own.as_ref() != Some(&nickname.folded()) {
            return Err(none());
        }
        let page = user.booking_page.clone().unwrap_or_default();
        let settings = page.custom.unwrap_or_default();
        Ok(Self {
            owner: Owner::User(id),
            organization,
            name: user.profile.full_name(),
            zone: Some(zone_name_of(&user)),
            message: page.message,
            minutes: asked.or(settings.duration).unwrap_or(DEFAULT_MINUTES),
            settings,
            depth: depth(call),
        })
    }

    async fn of_team(call: &Call<'_>, id: TeamId, asked: Option<u32>) -> Result<Self> {
        let team = call.store.public_team(id).await?;
        let tenant = call.store.tenant(team.organization);
        Ok(Self {
            owner: Owner::Team(id),
            organization: tenant.organization(Freshness::Eventual).await?,
            name: team.name.to_string(),
            message: None,
            zone: None,
            settings: PageSettings {
                auto_confirm: Some(true),
                ..PageSettings::default()
            },
            minutes: asked.unwrap_or(DEFAULT_MINUTES),
            depth: depth(call),
        })
    }

    /// How times are chosen.
    pub(crate) fn choice(&self) -> Choice {
        let settings = &self.settings;
        if settings.auto_confirm == Some(true) {
            Choice::Held
        } else if settings.one_slot == Some(true) {
            Choice::One
        } else {
            Choice::Several(settings.min_dates.unwrap_or(1).max(1))
        }
    }

    /// The places that there are to choose from.
    pub(crate) fn places(&self) -> &[FixedPlace] {
        self.settings.fixed_places.as_deref().unwrap_or_default()
    }

    /// Whether a setting is on.
    pub(crate) fn is(&self, setting: impl FnOnce(&PageSettings) -> Option<bool>) -> bool {
        setting(&self.settings) == Some(true)
    }

    /// Whose times are offered.
    pub(crate) fn whose(&self) -> Whose {
        match self.owner {
            Owner::User(user) => Whose::Users(vec![user]),
            Owner::Team(team) => Whose::Team(team),
        }
    }

    /// Whose time is held.
    pub(crate) fn held(&self) -> Held {
        match self.owner {
            Owner::User(user) => Held::Users(vec![user]),
            Owner::Team(team) => Held::MemberOf(team),
        }
    }

    /// The address of something behind the pages, as seen from this one: wherever the
    /// pages are, they are there together.
    pub(crate) fn beside(&self, path: &str) -> String {
        let up = "../".repeat(self.depth.saturating_sub(1));
        format!("{up}{path}")
    }

    /// What names the page where what is asked for on it is counted.
    pub(crate) fn subject(&self) -> String {
        match self.owner {
            Owner::User(user) => format!("user {user}"),
            Owner::Team(team) => format!("team {team}"),
        }
    }
}

fn depth(call: &Call<'_>) -> usize {
    call.path()
        .split('/')
        .filter(|part| !part.is_empty())
        .count()
}

fn minutes(text: &str) -> Option<u32> {
    let minutes: u32 = text.parse().ok()?;
    let is_plain = minutes.to_string() == text;
    (is_plain && (1..=MAX_MINUTES).contains(&minutes)).then_some(minutes)
}

/// The language that a page is in: the owner's where they accept one alone; else the one
/// that the address asks for, the browser's, or the organization's.
pub(crate) fn language(call: &Call<'_>, page: &Page) -> Language {
    let fixed = page
        .settings
        .fixed_lang
        .filter(|_| page.is(|own| own.set_lang));
    let asked = || {
        let query = call.request().query_string_parameters_ref()?;
        query.first(LANG).and_then(Language::of_code)
    };
    let chosen = fixed.or_else(asked).or_else(|| asked_language(call));
    chosen.unwrap_or(page.organization.lang)
}
