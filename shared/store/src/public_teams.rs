//! A public team's page: one query, from the team's id alone.

use roster_domain::{Error, Result, TeamId, team::PublicTeam};

use crate::{
    Store, keys,
    table::{Freshness, from_item},
    team_items::{PersonItem, TeamItem},
};

impl Store<'_> {
    /// What anybody may see of a public team.
    ///
    /// # Errors
    /// [`Error::NotFound`] alike for a private, a deleted and an unknown team.
    pub async fn public_team(&self, id: TeamId) -> Result<PublicTeam> {
        let range = keys::whole_page(id);
        let mut items = self
            .table
            .query_all(&range, Freshness::Eventual)
            .await?
            .into_iter();
        // The team sorts before its members; a private team is not in the
        // index, while its members are.
        let first = items.next().filter(|item| item.contains_key("extid"));
        let team: TeamItem = from_item(first.ok_or(Error::NotFound("team"))?)?;
        let mut people = items.map(from_item).collect::<Result<Vec<PersonItem>>>()?;
        people.retain(|person| !person.deactivated);
        people.sort_by_key(|person| (person.member_position, person.user));
        Ok(PublicTeam {
            id: team.id,
            name: team.name,
            members: people.into_iter().map(PersonItem::into_face).collect(),
        })
    }
}
