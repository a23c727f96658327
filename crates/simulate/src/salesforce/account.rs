//! Account.csv and Contact.csv

use super::{Links, user};
use crate::Error;
use crate::journey::Deal;
use crate::sheet::Sheet;
use crate::time::THROUGH;
use crate::trade::{Employer, Person, Source};

pub const ACCOUNT: &str = "Id,IsDeleted,MasterRecordId,Name,Type,ParentId,BillingStreet,BillingCity,BillingCountry,Phone,Website,Industry,NumberOfEmployees,Description,CurrencyIsoCode,OwnerId,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,LastActivityDate,AccountSource";
pub const CONTACT: &str = "Id,IsDeleted,MasterRecordId,AccountId,FirstName,LastName,MailingCity,MailingCountry,Phone,Email,Title,LeadSource,Description,CurrencyIsoCode,OwnerId,HasOptedOutOfEmail,DoNotCall,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp";

pub fn write(
    sheet: &mut Sheet,
    employer: &Employer,
    deal: &Deal,
    links: &Links,
    source: Option<Source>,
    text: &mut String,
) -> Result<(), Error> {
    let owner = user(deal.owner(THROUGH));
    let won = deal.won && deal.close <= THROUGH;
    employer.name(text);
    sheet.id(Some(links.account)).flag(false).id(None).text(text).text(if won { "Customer" } else { "Prospect" });
    sheet.id(None).none().text(employer.place().0).text(employer.place().1).none();
    employer.domain(text);
    sheet.text(text).text(employer.industry()).whole(employer.employees as i64).none().text("USD").id(owner);
    let changed = if won { deal.close } else { links.at };
    sheet.moment(links.at).id(user(deal.owner(links.at))).moment(changed).id(owner).moment(changed).none();
    sheet.text(source.map_or("", Source::name)).end()
}

pub fn contact(
    sheet: &mut Sheet,
    (employer, person): (&Employer, &Person),
    deal: &Deal,
    links: &Links,
    source: Option<Source>,
    text: &mut String,
) -> Result<(), Error> {
    let owner = user(deal.owner(THROUGH));
    sheet.id(Some(links.contact)).flag(false).id(None).id(Some(links.account));
    sheet.text(person.first()).text(person.last()).text(employer.place().0).text(employer.place().1);
    person.phone(text);
    sheet.text(text);
    person.mail(employer, text);
    sheet.text(text).text(person.title()).text(source.map_or("", Source::name)).none().text("USD").id(owner);
    sheet.flag(false).flag(false).moment(links.at).id(user(deal.owner(links.at)));
    sheet.moment(links.at).id(owner).moment(links.at).end()
}
