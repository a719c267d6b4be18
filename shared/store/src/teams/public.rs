//! A public team's page: one query, from the team's id alone.

use roster_domain::{Error, Result, TeamId, team::PublicTeam};

use crate::{
    Store,
    dynamodb::table::{Freshness, from_item, key_of},
    keys,
    teams::items::{PersonItem, TeamItem},
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
        let first = first.ok_or(Error::NotFound("team"))?;
        let partition = key_of(&first)?.pk;
        let team: TeamItem = from_item(first)?;
        let (mut people, mut passed_over) = (Vec::new(), Vec::new());
        let mut is_contested = false;
        for item in items {
            let key = key_of(&item)?;
            // The index is shared by all: an item of another partition is not
            // one of this team, whatever it says.
            is_contested |= key.pk != partition && item.contains_key("extid");
            match from_item::<PersonItem>(item) {
                Ok(person) if key.pk == partition => people.push(person),
                _ => passed_over.push(format!("{} / {}", key.pk, key.sk)),
            }
        }
        if !passed_over.is_empty() {
            let items = passed_over.join(", ");
            tracing::error!(team = %id, items, "a team's page has items that are not the team's, or damaged");
        }
        if is_contested {
            // Two organizations have a team of this id: nobody knows whose page
            // it is.
            return Err(Error::NotFound("team"));
        }
        people.retain(|person| !person.deactivated);
        people.sort_by_key(|person| (person.member_position, person.user));
        Ok(PublicTeam {
            id: team.id,
            name: team.name,
            members: people.into_iter().map(PersonItem::into_face).collect(),
        })
    }
}
