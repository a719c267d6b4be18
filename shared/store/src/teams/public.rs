//! A public team's page: one query, from the team's id alone.

use roster_domain::{Error, Result, TeamId, team::PublicTeam};

use crate::{
    Store,
    dynamodb::{
        item::{from_item, key_of},
        table::Freshness,
    },
    keys::{self, partition::Partition},
    teams::items::{PersonItem, TeamItem},
};

impl Store<'_> {
    /// What anybody may see of a public team.
    ///
    /// # Errors
    /// [`Error::NotFound`] alike for a private, a deleted and an unknown team.
    pub async fn public_team(&self, id: TeamId) -> Result<PublicTeam> {
        let range = keys::whole_page(id);
        let items = self.table.query_all(&range, Freshness::Eventual).await?;
        // Only a public team is in the index, while the members of a private
        // one are. The index is shared by all: where two organizations have a
        // team of this id, in whatever order, nobody knows whose page it is.
        let (mut teams, others): (Vec<_>, Vec<_>) = items
            .into_iter()
            .partition(|item| item.contains_key("extid"));
        let (Some(team), true) = (teams.pop(), teams.is_empty()) else {
            return Err(Error::NotFound("team"));
        };
        let partition = key_of(&team)?.pk;
        let team: TeamItem = from_item(team)?;
        let (mut people, mut passed_over) = (Vec::new(), Vec::new());
        for item in others {
            let key = key_of(&item)?;
            // An item of another partition is not one of this team, whatever
            // it says.
            match from_item::<PersonItem>(item) {
                Ok(person) if key.pk == partition => people.push(person),
                _ => passed_over.push(format!("{} / {}", key.pk, key.sk)),
            }
        }
        if !passed_over.is_empty() {
            let items = passed_over.join(", ");
            tracing::error!(team = %id, items, "a team's page has items that are not the team's, or damaged");
        }
        people.retain(|person| !person.deactivated);
        people.sort_by_key(|person| (person.member_position, person.user));
        let organization = Partition::Organization.id_in(&partition);
        let organization = organization.and_then(|id| id.parse().ok());
        Ok(PublicTeam {
            id: team.id,
            organization: organization.ok_or(Error::NotFound("team"))?,
            name: team.name,
            members: people.into_iter().map(PersonItem::into_face).collect(),
        })
    }
}
