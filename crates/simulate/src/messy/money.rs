//! Money as people's spreadsheets write it.

/// `22700.00` as `22,700.00` (or with another pair of marks).
pub fn grouped(plain: &str, group: char, point: char) -> String {
    let (whole, cents) = plain.split_once('.').unwrap_or((plain, "00"));
    let mut out = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            out.push(group);
        }
        out.push(digit);
    }
    out.push(point);
    out + cents
}

/// `342090.00` as `$342.09K`.
pub fn in_thousands(plain: &str) -> String {
    let (whole, _) = plain.split_once('.').unwrap_or((plain, ""));
    let dollars: u64 = whole.parse().unwrap_or(0);
    let hundredths = (dollars + 5) / 10;
    format!("${}.{:02}K", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_written_in_each_style() {
        assert_eq!(grouped("1234567.80", ',', '.'), "1,234,567.80");
        assert_eq!(grouped("1117.10", '.', ','), "1.117,10");
        assert_eq!(grouped("120.00", ',', '.'), "120.00");
        assert_eq!(in_thousands("342089.00"), "$342.09K");
    }
}
