//! Money that keeps its currency. No conversion here: a rate is an entry, and a missing rate is a refusal.

use serde::{Deserialize, Serialize};

/// An ISO 4217 code in capitals, or `XXX` where a source gives none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Currency([u8; 3]);

impl Currency {
    /// No currency is known.
    pub const UNKNOWN: Currency = Currency(*b"XXX");

    /// Reads a three-letter code in any case.
    pub fn parse(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.trim().as_bytes().try_into().ok()?;
        bytes.iter().all(u8::is_ascii_alphabetic).then(|| Currency(bytes.map(|b| b.to_ascii_uppercase())))
    }

    /// The code, such as `USD`.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The code packed into a number (first letter in the lowest byte), as the fact columns keep it.
    pub const fn number(self) -> u32 {
        self.0[0] as u32 | (self.0[1] as u32) << 8 | (self.0[2] as u32) << 16
    }

    /// The currency of a packed number, `UNKNOWN` where it is none.
    pub fn from_number(number: u32) -> Currency {
        let [a, b, c, _] = number.to_le_bytes();
        let bytes = [a, b, c];
        if bytes.iter().all(u8::is_ascii_uppercase) { Currency(bytes) } else { Currency::UNKNOWN }
    }

    /// How many decimal places its minor unit has (ISO 4217): cents have 2, yen 0, dinars of Bahrain 3.
    pub fn decimals(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG" | b"RWF" | b"UGX"
            | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(code: String) -> Result<Self, String> {
        Currency::parse(&code).ok_or_else(|| format!("`{code}` is not a three-letter currency code"))
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> String {
        currency.code().to_owned()
    }
}

/// An amount in the minor units of its currency (cents for `USD`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units; negative for a credit.
    pub minor: i64,
    /// In which currency.
    pub currency: Currency,
}

impl Money {
    /// So many minor units.
    pub const fn new(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_three_letters_in_any_case() {
        assert_eq!(Currency::parse("usd").map(|c| c.code().to_owned()).as_deref(), Some("USD"));
        assert_eq!(Currency::parse("US"), None);
        assert_eq!(Currency::parse("U$D"), None);
        let eur = Currency::parse("EUR").unwrap();
        assert_eq!(Currency::from_number(eur.number()), eur);
        assert_eq!(Currency::from_number(0), Currency::UNKNOWN);
    }
}
