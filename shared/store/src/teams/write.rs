//! Creating and changing teams.

use std::collections::HashSet;

use roster_domain::{
    Error, Field, Patch, Result, TeamId, UserId, Violation,
    bookings::assignment::Rules,
    team::{MAX_PEOPLE, Team, TeamChange},
    text::ExternalId,
};

use crate::{
    Tenant,
    dynamodb::{
        capacity::try_join, condition::Condition, guard::guard, item::from_item, retry::retry,
        table::Freshness, transaction::Write, write_failure::Failure,
    },
    idempotency::{Answer, Answered, Claimant, Claimed, Repeatable},
    keys,
    teams::{
        items::{Stored, TeamItem},
        plan::Plan,
        read::PEOPLE_PER_TRANSACTION,
        references::extid_taken,
    },
};

impl Tenant<'_> {
    /// Creates a team: references and guard, then the transaction that makes it
    /// visible. People beyond what fits one transaction are written before it,
    /// where nobody sees them. With a key, a request that is sent again gets the
    /// first answer; that takes no round trip more.
    pub async fn create_team(
        &self,
        change: &TeamChange,
        repeatable: Option<&Repeatable>,
        render: &(dyn Fn(&Team) -> Answer + Send + Sync),
    ) -> Result<Answered> {
        let required = |field: Field| Violation::unacceptable(field.into(), "is required");
        let (Some(extid), Some(name)) = (&change.extid, &change.name) else {
            let missing = [
                (Field::TeamExternalId, change.extid.is_none()),
                (Field::TeamName, change.name.is_none()),
            ];
            let missing = missing
                .into_iter()
                .filter(|(_, is)| *is)
                .map(|(field, _)| required(field));
            return Err(Error::Invalid(missing.collect()));
        };
        let mut team = TeamItem {
            id: TeamId::generate(self.store.now),
            extid: extid.clone(),
            name: name.clone(),
            level_name: None,
            reminder_hours: None,
            public: change.public.unwrap_or(false),
            assignment: None,
            admin_preferences: None,
            time_off: Vec::new(),
            feed: None,
            created_at: self.store.now,
            updated_at: self.store.now,
            version: 0,
            joins: 0,
        };
        change.level_name.clone().apply(&mut team.level_name);
        change
            .reminder_hours
            .clone()
            .apply(&mut team.reminder_hours);
        apply_assignment(change, &mut team);
        let mut claimant = Claimant::new(repeatable);
        let created = retry!(self.try_create(&team, change, &mut claimant, render));
        if created.is_err() && is_large(change) {
            // People that were written ahead of a team that does not come to be.
            self.forget_people(team.id).await?;
        }
        claimant.end(*self, created).await
    }

    async fn try_create(
        &self,
        team: &TeamItem,
        change: &TeamChange,
        claimant: &mut Claimant<'_>,
        render: &(dyn Fn(&Team) -> Answer + Send + Sync),
    ) -> Result<Answered, Failure> {
        let people = async { Ok(self.find_people(change, Some(&team.extid)).await?) };
        let people = match claimant.claim_while(*self, people).await? {
            Claimed::Before(answer, _) => return Ok(Answered::Before(answer)),
            Claimed::Mine(people) => people,
        };
        let ahead = if is_large(change) {
            let range = keys::team_with_people(self.tenancy(), team.id);
            self.store
                .table
                .query_all(&range, Freshness::Strong)
                .await?
        } else {
            Vec::new()
        };
        let stored = Stored {
            team: team.clone(),
            people: ahead.into_iter().map(from_item).collect::<Result<_>>()?,
        };
        let mut last = vec![
            self.put_team(team, Condition::absent())?,
            self.take_extid(&team.extid, team.id),
        ];
        last.push(self.stays_open());
        let keep = |team: &Team| claimant.keep(*self, || render(team));
        let plan = self.plan(&stored, &people)?;
        check_assignment(change, &stored.team.stored_rules(), &plan.members)?;
        let team = self.write_people(plan, &stored, last, None, keep).await?;
        Ok(Answered::Now(render(&team)))
    }

    /// Changes a team: the team with its people and the references at once,
    /// then one transaction; more than one where more people come and go than
    /// fit it.
    pub async fn update_team(&self, id: TeamId, change: &TeamChange) -> Result<Team> {
        retry!(self.try_update(id, change))
    }

    async fn try_update(&self, id: TeamId, change: &TeamChange) -> Result<Team, Failure> {
        let (stored, people) = try_join(
            self.stored_team(id, Freshness::Strong),
            self.find_people(change, None),
        )
        .await?;
        Error::hold_version(change.expected, stored.team.version)?;
        let mut team = stored.team.clone();
        if let Some(extid) = &change.extid {
            team.extid = extid.clone();
        }
        if let Some(name) = &change.name {
            team.name = name.clone();
        }
        change.level_name.clone().apply(&mut team.level_name);
        change
            .reminder_hours
            .clone()
            .apply(&mut team.reminder_hours);
        team.public = change.public.unwrap_or(team.public);
        apply_assignment(change, &mut team);
        let plan = self.plan(&stored, &people)?;
        check_assignment(change, &stored.team.stored_rules(), &plan.members)?;
        if team == stored.team && plan.changes.is_empty() {
            return Ok(stored.into_team(self.organization_id()?));
        }
        drop_old_rules(&mut team, &plan.members);
        team.updated_at = self.store.now;
        team.version += 1;
        let read = stored.team.version;
        let mut last = vec![
            self.put_team(&team, Condition::version(read))?,
            self.change_team(id, team.version),
        ];
        if team.extid != stored.team.extid {
            let old = keys::team_extid_guard(self.tenancy(), &stored.team.extid);
            last.push(Write::delete(&old, Condition::held_by(&id.to_string())));
            last.push(self.take_extid(&team.extid, id));
        }
        let unchanged = self.join_team(id, Condition::version(read));
        let stored = Stored {
            team,
            people: stored.people,
        };
        let keep = |_: &Team| Ok(None);
        self.write_people(plan, &stored, last, Some(unchanged), keep)
            .await
    }

    fn take_extid(&self, extid: &ExternalId, team: TeamId) -> Write {
        let key = keys::team_extid_guard(self.tenancy(), extid);
        Write::put(&key, None, guard(team), Condition::absent()).or_fail(extid_taken)
    }

    /// Writes who comes, who goes and who moves, `last` with the last of them.
    /// Earlier transactions are each held to `unchanged`, where given, and say so
    /// in the team. `keep` is what the team as it will be adds to the last.
    pub(super) async fn write_people(
        &self,
        plan: Plan,
        stored: &Stored,
        last: Vec<Write>,
        unchanged: Option<Write>,
        keep: impl FnOnce(&Team) -> Result<Option<Write>>,
    ) -> Result<Team, Failure> {
        let Plan {
            admins,
            members,
            mut changes,
        } = plan;
        while changes.len() > PEOPLE_PER_TRANSACTION {
            let rest = changes.split_off(PEOPLE_PER_TRANSACTION);
            let mut writes: Vec<_> = changes.into_iter().flatten().collect();
            writes.extend(unchanged.as_ref().map(Write::again));
            self.store.transact(writes).await?;
            changes = rest;
        }
        let written = Stored {
            team: stored.team.clone(),
            people: Vec::new(),
        };
        let written = Team {
            admins,
            members,
            ..written.into_team(self.organization_id()?)
        };
        let mut writes = last;
        writes.extend(changes.into_iter().flatten());
        writes.extend(keep(&written)?);
        self.store.transact(writes).await?;
        Ok(written)
    }
}

fn apply_assignment(change: &TeamChange, team: &mut TeamItem) {
    match &change.assignment {
        Patch::Keep => {}
        Patch::Clear => team.assignment = None,
        Patch::Set(change) => {
            let mut rules = team.stored_rules();
            change.apply(&mut rules);
            // The defaults are not stored because they were read.
            if rules != team.stored_rules() {
                team.assignment = Some(rules);
            }
        }
    }
}

/// Keeps the rules of those who left for when they come back, as long as there
/// are not more than a body may have.
pub(super) fn drop_old_rules(team: &mut TeamItem, members: &[UserId]) {
    if let Some(rules) = &mut team.assignment
        && rules.members.len() > MAX_PEOPLE
    {
        let members: HashSet<_> = members.iter().map(ToString::to_string).collect();
        rules.members.retain(|user, _| members.contains(user));
    }
}

/// Rules for somebody who is not a member would bind nobody: a typo, unless the
/// team has them already. Then somebody left, and an answer is sent back.
fn check_assignment(change: &TeamChange, stored: &Rules, members: &[UserId]) -> Result<()> {
    let named = change
        .assignment
        .set()
        .into_iter()
        .flat_map(|change| &change.members);
    let strangers = named.filter(|(user, rules)| {
        rules.is_some()
            && !members.contains(user)
            && stored.members.get(&user.to_string()) != rules.as_ref()
    });
    let violations: Vec<_> = strangers
        .map(|(user, _)| {
            let field = Field::AssignmentMember(*user);
            Violation::unacceptable(field.into(), "is not a member of the team")
        })
        .collect();
    if violations.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid(violations))
    }
}

/// Whether a new team's people may not fit one transaction: then some are
/// written ahead of the team.
fn is_large(change: &TeamChange) -> bool {
    let lists = [&change.admins, &change.members];
    lists.into_iter().flatten().map(Vec::len).sum::<usize>() > PEOPLE_PER_TRANSACTION
}
