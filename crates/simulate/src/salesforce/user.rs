//! User.csv

use super::user as id;
use crate::Error;
use crate::sheet::Sheet;
use crate::time::{Moment, THROUGH};
use crate::trade::User;

pub const HEADER: &str = "Id,Username,FirstName,LastName,Department,Title,Email,Alias,IsActive,TimeZoneSidKey,UserRoleId,LocaleSidKey,DefaultCurrencyIsoCode,UserType,StartDay,EndDay,LanguageLocaleKey,EmployeeNumber,ManagerId,CreatedDate,CreatedById,LastModifiedDate,SystemModstamp";

pub fn write(sheet: &mut Sheet, user: &User) -> Result<(), Error> {
    let mail = user.mail();
    let changed = user.left.map_or(Moment::midnight(user.came), Moment::midnight);
    sheet.id(id(user.number)).text(&mail).text(user.first).text(user.last).text(user.department).text(user.title);
    sheet.text(&mail).text(&mail[..mail.len().min(8)]).flag(user.left.is_none_or(|d| Moment::midnight(d) > THROUGH));
    sheet.text(user.zone.name()).id(None).text("en_US").text("USD").text("Standard");
    // the shift, in minutes since midnight as the org keeps it: hours 9 and 17
    sheet.text("9").text("17").text("en_US").whole(1000 + user.number as i64).id(user.manager.and_then(id));
    sheet.moment(Moment::midnight(user.came)).id(id(0)).moment(changed).moment(changed).end()
}
