//! Salesforce's 18-character ids: prefix of the object, number in base 62, and three letters for the case.

/// Which object an id is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Object {
    /// Account
    Account,
    /// Contact
    Contact,
    /// Lead
    Lead,
    /// Opportunity
    Opportunity,
    /// User
    User,
    /// Campaign
    Campaign,
    /// CampaignMember
    CampaignMember,
    /// Task
    Task,
    /// Event
    Event,
    /// OpportunityHistory
    OpportunityHistory,
    /// LeadHistory and OpportunityFieldHistory
    FieldHistory,
}

/// An id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id(pub Object, pub u64);

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECK: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

impl Object {
    const fn prefix(self) -> &'static [u8; 3] {
        match self {
            Object::Account => b"001",
            Object::Contact => b"003",
            Object::Lead => b"00Q",
            Object::Opportunity => b"006",
            Object::User => b"005",
            Object::Campaign => b"701",
            Object::CampaignMember => b"00v",
            Object::Task => b"00T",
            Object::Event => b"00U",
            Object::OpportunityHistory => b"008",
            Object::FieldHistory => b"017",
        }
    }
}

impl Id {
    /// The 18 characters.
    pub fn text(self) -> [u8; 18] {
        let mut out = *b"000Lk0000000000AAA";
        out[..3].copy_from_slice(self.0.prefix());
        let mut left = self.1;
        let mut place = 14;
        while left > 0 && place > 4 {
            out[place] = DIGITS[(left % 62) as usize];
            left /= 62;
            place -= 1;
        }
        for chunk in 0..3 {
            let bits = (0..5).fold(0, |bits, n| bits | usize::from(out[chunk * 5 + n].is_ascii_uppercase()) << n);
            out[15 + chunk] = CHECK[bits];
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_carry_their_prefix_and_case_letters() {
        let text = |id: Id| String::from_utf8(id.text().to_vec()).unwrap();
        // `00QLk`: Q and L are upper case, bits 2 and 3: 12 = M
        assert_eq!(text(Id(Object::Lead, 0)), "00QLk0000000000MAA");
        assert_eq!(text(Id(Object::Account, 61)), "001Lk000000000zIAA");
        assert_ne!(text(Id(Object::Task, 36)), text(Id(Object::Task, 10)));
    }
}
