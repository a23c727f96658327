//! Reads a report as data: its figures by id, its bars, its codes.

use std::collections::BTreeMap;

use serde_json::Value;

/// One figure; money in cents.
#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub id: String,
    /// `None` where it is withheld.
    pub value: Option<f64>,
    /// The 90% interval, where it has one.
    pub interval: Option<[f64; 2]>,
    pub n: u64,
    pub of: Option<u64>,
    pub period: String,
    /// The evidence as it stands, and how many rows it says there are.
    pub evidence: Option<(String, u64)>,
}

/// A report.
pub struct Page {
    pub json: Value,
    pub figures: BTreeMap<String, Figure>,
}

fn figure(map: &serde_json::Map<String, Value>) -> Option<Figure> {
    let certainty = map.get("certainty")?;
    let interval = certainty.get("interval").and_then(|i| Some([i.get("lo90")?.as_f64()?, i.get("hi90")?.as_f64()?]));
    let evidence = map.get("evidence").filter(|e| !e.is_null());
    Some(Figure {
        id: map.get("id")?.as_str()?.to_owned(),
        value: map.get("value")?.get("value").and_then(Value::as_f64),
        interval,
        n: map.get("n")?.as_u64()?,
        of: map.get("of").and_then(Value::as_u64),
        period: map.get("period").and_then(Value::as_str).unwrap_or("").to_owned(),
        evidence: evidence.map(|e| (e.to_string(), e["rows"].as_u64().unwrap())),
    })
}

fn gather(value: &Value, found: &mut BTreeMap<String, Figure>) {
    match value {
        Value::Object(map) => {
            if let Some(new) = figure(map) {
                let said = found.entry(new.id.clone()).or_insert_with(|| new.clone());
                assert_eq!(*said, new, "one id, two figures");
            }
            map.values().for_each(|v| gather(v, found));
        }
        Value::Array(items) => items.iter().for_each(|v| gather(v, found)),
        _ => {}
    }
}

fn items<'a>(value: &'a Value, key: &str, out: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            if let Some(Value::Array(here)) = map.get(key) {
                out.extend(here);
            }
            map.values().for_each(|v| items(v, key, out));
        }
        Value::Array(list) => list.iter().for_each(|v| items(v, key, out)),
        _ => {}
    }
}

impl Page {
    /// Reads the bytes of `report --format json`.
    pub fn read(text: &str) -> Page {
        let json: Value = serde_json::from_str(text).unwrap();
        let mut figures = BTreeMap::new();
        gather(&json, &mut figures);
        Page { json, figures }
    }

    /// The figure of that id.
    #[track_caller]
    pub fn figure(&self, id: &str) -> &Figure {
        self.figures.get(id).unwrap_or_else(|| panic!("no figure {id}"))
    }

    /// The value of a figure that has one.
    #[track_caller]
    pub fn value(&self, id: &str) -> f64 {
        self.figure(id).value.unwrap_or_else(|| panic!("{id} is withheld"))
    }

    /// A counted value.
    #[track_caller]
    pub fn count(&self, id: &str) -> u64 {
        let value = self.value(id);
        assert_eq!(value.fract(), 0.0, "{id}");
        value as u64
    }

    /// The codes of all findings.
    pub fn findings(&self) -> Vec<&str> {
        self.codes("findings")
    }

    /// The codes of all refusals.
    pub fn refusals(&self) -> Vec<&str> {
        self.codes("refusals")
    }

    fn codes(&self, key: &str) -> Vec<&str> {
        let mut found = Vec::new();
        items(&self.json, key, &mut found);
        found.into_iter().map(|f| f["code"].as_str().unwrap()).collect()
    }

    /// The finding or refusal of that code.
    #[track_caller]
    pub fn said(&self, key: &str, code: &str) -> &Value {
        let mut found = Vec::new();
        items(&self.json, key, &mut found);
        found.into_iter().find(|f| f["code"] == code).unwrap_or_else(|| panic!("no {code} in {key}"))
    }

    /// All caveats.
    pub fn caveats(&self) -> Vec<&str> {
        let mut found = Vec::new();
        items(&self.json, "caveats", &mut found);
        found.into_iter().filter_map(Value::as_str).collect()
    }

    /// The bars of the verdict between the two totals: factor and figure, in their order.
    pub fn parts(&self) -> Vec<(&str, &Figure)> {
        let mut steps = Vec::new();
        for section in self.json["sections"].as_array().unwrap() {
            if section["id"].as_str().unwrap().starts_with("verdict") {
                items(section, "steps", &mut steps);
            }
        }
        let ids = steps.into_iter().map(|s| s["figure"]["id"].as_str().unwrap());
        ids.map(|id| (id.strip_prefix("verdict.").unwrap_or(id), self.figure(id))).collect()
    }

    /// The sections in reading order.
    pub fn sections(&self) -> Vec<&str> {
        self.json["sections"].as_array().unwrap().iter().map(|s| s["id"].as_str().unwrap()).collect()
    }

    /// A section by its id.
    pub fn section(&self, id: &str) -> &Value {
        let all = self.json["sections"].as_array().unwrap();
        all.iter().find(|s| s["id"] == id).unwrap_or_else(|| panic!("no section {id}"))
    }

    /// All that the report says, without where it comes from.
    pub fn says(&self) -> String {
        let mut json = self.json.clone();
        json.as_object_mut().unwrap().remove("provenance");
        serde_json::to_string_pretty(&json).unwrap()
    }
}
