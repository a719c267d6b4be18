//! Organizations.

use roster_domain::{
    Conflict, Error, Field, OrganizationId, Result, Tenancy,
    access::key::{ApiKey, Maker, PresentedKey, Role},
    id::ObjectId,
    organization::{Organization, Plan, Trial},
    text::Name,
    users::language::Language,
};

use crate::{
    Page, Store, Tenant,
    dynamodb::{
        condition::Condition,
        guard::{guard, holder},
        item::{Item, from_item, key_of, to_item},
        retry::retry,
        table::Freshness,
        transaction::Write,
    },
    keys,
};

/// A new organization.
#[derive(Debug, Clone)]
pub struct NewOrganization {
    /// The id it is to have, for an organization that moves here with clients
    /// that know its id; otherwise one is made.
    pub id: Option<OrganizationId>,
    /// Its name.
    pub name: Name,
    /// Its language; English when not given.
    pub lang: Option<Language>,
    /// Its plan; `pro` when not given.
    pub plan: Option<Plan>,
    /// Whether it is private.
    pub private: bool,
    /// Its superadmins' team.
    pub superadmin_team: Option<ObjectId>,
    /// Its branding.
    pub brand: Option<ObjectId>,
    /// Its free trial.
    pub trial: Option<Trial>,
}

impl NewOrganization {
    /// With a name and nothing else.
    #[must_use]
    pub fn named(name: Name) -> Self {
        Self {
            id: None,
            name,
            lang: None,
            plan: None,
            private: false,
            superadmin_team: None,
            brand: None,
            trial: None,
        }
    }
}

impl Store<'_> {
    /// Creates an organization with its first key: number, then one
    /// transaction.
    ///
    /// # Errors
    /// A conflict where the id that it is to have is another's.
    pub async fn create_organization(
        &self,
        new: NewOrganization,
        maker: Option<Maker>,
    ) -> Result<(Organization, ApiKey, PresentedKey)> {
        let organization = self.new_organization(new).await?;
        let (mut key, presented) = self.new_key(
            Role::Organization,
            Some(organization.id),
            "first key".parse().map_err(Error::internal)?,
            None,
        );
        key.created_by = maker;
        self.write_organization(&organization, Some(&key)).await?;
        Ok((organization, key, presented))
    }

    /// Creates an organization that the operator makes keys for later (`/api/v1`):
    /// number, then one transaction.
    ///
    /// # Errors
    /// As [`Store::create_organization`].
    pub async fn create_organization_without_key(
        &self,
        new: NewOrganization,
    ) -> Result<Organization> {
        let organization = self.new_organization(new).await?;
        self.write_organization(&organization, None).await?;
        Ok(organization)
    }

    async fn new_organization(&self, new: NewOrganization) -> Result<Organization> {
        let counter = keys::organization_counter();
        let (_, number) = self.with_actor(self.take_numbers(&counter, 1)).await?;
        Ok(Organization {
            id: new.id.unwrap_or_else(|| OrganizationId::generate(self.now)),
            number,
            name: new.name,
            lang: new.lang.unwrap_or(Language::En),
            plan: new.plan.unwrap_or_default(),
            private: new.private,
            superadmin_team: new.superadmin_team,
            brand: new.brand,
            trial: new.trial,
            time_off: Vec::new(),
            closing_at: None,
            created_at: self.now,
            updated_at: self.now,
            version: 0,
        })
    }

    async fn write_organization(
        &self,
        organization: &Organization,
        key: Option<&ApiKey>,
    ) -> Result<()> {
        let id = organization.id;
        retry!(async {
            let mut writes = vec![
                Write::put(
                    &keys::organization(id),
                    Some(&keys::organization_index(id)),
                    to_item(organization)?,
                    Condition::absent(),
                )
                .or_fail(move |_| {
                    Conflict::new("an organization with this _id exists")
                        .at(Field::OrganizationId)
                        .with(id.to_string())
                        .into()
                }),
                Write::put(
                    &keys::organization_number_guard(organization.number),
                    None,
                    guard(id),
                    Condition::absent(),
                ),
            ];
            if let Some(key) = key {
                writes.push(Self::put_key(key, Condition::absent())?);
            }
            self.transact(writes).await
        })
    }

    /// The id of the organization with a number.
    ///
    /// # Errors
    /// [`Error::NotFound`] where none has it.
    pub async fn organization_id(
        &self,
        number: u64,
        freshness: Freshness,
    ) -> Result<OrganizationId> {
        let key = keys::organization_number_guard(number);
        let guard = self.table.get(&key, freshness).await?;
        guard
            .as_ref()
            .and_then(holder)
            .ok_or(Error::NotFound("organization"))
    }

    /// The organization with a number: guard, then organization.
    ///
    /// # Errors
    /// [`Error::NotFound`] where none has it.
    pub async fn organization_with_number(&self, number: u64) -> Result<Organization> {
        let id = self.organization_id(number, Freshness::Eventual).await?;
        self.tenant(id).organization(Freshness::Eventual).await
    }

    /// The ids of all organizations: for what an operator does with a whole table.
    pub(crate) async fn organization_ids(&self) -> Result<Vec<OrganizationId>> {
        let all = keys::organizations();
        let items = self.table.query_all(&all, Freshness::Eventual).await?;
        let ids = items
            .iter()
            .map(|item| Ok(keys::organization_of(&key_of(item)?)));
        let ids: Vec<_> = ids.collect::<Result<_>>()?;
        Ok(ids.into_iter().flatten().collect())
    }

    /// Organizations in the order of their ids.
    pub async fn organizations(
        &self,
        limit: usize,
        after: Option<OrganizationId>,
    ) -> Result<Page<Organization, OrganizationId>> {
        let start = after.map(|id| {
            crate::dynamodb::item::with_index(
                crate::dynamodb::item::with_key(Item::new(), &keys::organization(id)),
                Some(&keys::organization_index(id)),
            )
        });
        self.table
            .page(
                &keys::organizations(),
                start,
                limit,
                |organization: &Organization| organization.id,
            )
            .await
    }
}

impl Tenant<'_> {
    /// The organization.
    pub async fn organization(&self, freshness: Freshness) -> Result<Organization> {
        let item = self
            .store
            .table
            .get(&keys::organization(self.tenancy()), freshness)
            .await?;
        item.map(from_item)
            .transpose()?
            .ok_or(Error::NotFound("organization"))
    }

    /// The organization, for a user who is to be added to it.
    ///
    /// # Errors
    /// As [`Organization::can_be_joined`]; [`Error::NotFound`] where it is not
    /// there.
    pub(crate) async fn organization_to_join(&self) -> Result<Organization> {
        let organization = self.organization(Freshness::Strong).await?;
        organization.can_be_joined()?;
        Ok(organization)
    }

    /// Holds a transaction that makes something here to the organization being
    /// there and staying.
    pub(crate) fn stays_open(&self) -> Write {
        let open = Condition::open();
        Write::check(&keys::organization(self.tenancy()), open).or_fail(|item| {
            let found = item.cloned().map(from_item::<Organization>).transpose();
            match found.map(|found| found.map(|found| found.can_be_joined())) {
                Ok(None) => Error::NotFound("organization"),
                Ok(Some(Err(error))) | Err(error) => error,
                Ok(Some(Ok(()))) => Error::internal("an open organization is closed"),
            }
        })
    }

    /// As [`Tenant::stays_open`], where the transaction is not held to it yet
    /// and there is an organization.
    pub(crate) fn keep_open(&self, writes: &mut Vec<Write>) {
        let key = keys::organization(self.tenancy());
        if self.tenancy() != Tenancy::None && !writes.iter().any(|write| write.is_of(&key)) {
            writes.push(self.stays_open());
        }
    }
}
