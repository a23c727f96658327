//! Pages over a source that answers everything with little, and a desk with a user for each role.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use desk::{Desk, Role, Token, User};
use report::{Certainty, Figure, Provenance, Report, SCHEMA, Unit, Value};
use terms::{Instant, Team};
use tower::ServiceExt;
use web::{
    AgendaItem, Answer as Reply, App, Asked, By, CheckedText, ClaimAsked, Clock, Clocks, DisputeLine, Huddle,
    ImportState, LeadAct, LeadLine, LeadPage, LeadsAsked, LeadsPage, LedgerPage, Loss, Mended, Moment, Paged, Reason,
    Recorded, RejectFile, RejectRow, RejectedItem, Said, SavedLine, SettingLine, Settings, Signature, Signing, Sound,
    Source, Standing, TakenItems, Trouble, TroubleKind, UnknownFile, VersionLine,
};

/// Whether the lead `00Qslow` takes for ever.
pub static SLOW: AtomicBool = AtomicBool::new(false);
pub const PASSWORD: &str = "a password of the test";
/// The owner that the rep is.
pub const OWNER: &str = "005rep";

struct Little;

pub fn report() -> Report {
    Report {
        schema: SCHEMA,
        title: "Why 2026Q3 moved".to_owned(),
        headline: "It did".to_owned(),
        how_sure: Vec::new(),
        figure: None,
        sections: Vec::new(),
        provenance: Provenance {
            head: 1,
            head_hash: "abc".to_owned(),
            data_through: "2026-10-04".to_owned(),
            as_of: "2026-10-04".to_owned(),
            as_if: None,
            under: None,
            definitions: "built-in".to_owned(),
            period: "2026Q3".to_owned(),
            against: "2026Q2".to_owned(),
            fiscal_start: 1,
            currency: "USD".to_owned(),
            seed: 1,
            counts: Vec::new(),
            completeness: String::new(),
            engine: "0".to_owned(),
        },
    }
}

/// A report whose figure is about three leads.
pub fn of_few() -> Report {
    let figure = Figure {
        id: "verdict.few".to_owned(),
        label: "leads of a rare kind".to_owned(),
        unit: Unit::Count,
        value: Value::Whole(3),
        certainty: Certainty::Counted,
        n: 3,
        of: None,
        period: "2026Q3".to_owned(),
        method: "counted".to_owned(),
        evidence: None,
    };
    Report { headline: "{verdict.few} leads came".to_owned(), figure: Some(figure), ..report() }
}

/// What was done, in order.
static DONE: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether something was done, by its words.
pub fn was_done(words: &str) -> bool {
    DONE.lock().unwrap().iter().any(|d| d == words)
}

fn said() -> Said {
    Said {
        when: "2026-10-01 10:00".to_owned(),
        user: "rep".to_owned(),
        act: "rejected".to_owned(),
        words: "<i>too small</i>".to_owned(),
    }
}

fn none(kind: TroubleKind) -> Trouble {
    Trouble { kind, code: "unknown".to_owned(), message: "`<b>x</b>`: is not there".to_owned(), hint: None }
}

impl Source for Little {
    fn report(&self, asked: &Asked) -> Result<Arc<Report>, Trouble> {
        match asked.given("period") {
            Some("never") => Err(none(TroubleKind::Asked)),
            Some("broken") => Err(none(TroubleKind::Ours)),
            Some("few") => Ok(Arc::new(of_few())),
            Some("panics") => panic!("a page that does not come to an end"),
            _ => Ok(Arc::new(report())),
        }
    }
    fn rows(&self, _: &Asked, figure: &str, _: &str) -> Result<Paged, Trouble> {
        if figure == "unknown" { Err(none(TroubleKind::Missing)) } else { Ok(Paged::default()) }
    }
    fn claim(&self, asked: &ClaimAsked) -> Result<Arc<Report>, Trouble> {
        if asked.filter == "few" {
            return Ok(Arc::new(of_few()));
        }
        if asked.filter == "nonsense" { Err(none(TroubleKind::Asked)) } else { Ok(Arc::new(report())) }
    }
    fn claims(&self) -> Result<Vec<SavedLine>, Trouble> {
        Ok(Vec::new())
    }
    fn save_claim(&self, name: &str, asked: &ClaimAsked, team: Team) -> Result<(), Trouble> {
        if name == "taken" || asked.filter.is_empty() || team == Team::Marketing {
            Err(none(TroubleKind::Asked))
        } else {
            Ok(())
        }
    }
    fn metrics(&self) -> Vec<&'static str> {
        vec!["win_rate"]
    }
    fn changes(&self) -> tokio::sync::watch::Receiver<Moment> {
        tokio::sync::watch::Sender::new(Moment { batch: 7, tick: 0 }).subscribe()
    }
    fn team(&self, owner: &str) -> Result<Vec<String>, Trouble> {
        // whoever is `005head` in the CRM manages the other one
        Ok(if owner == "005head" { vec!["005other".to_owned()] } else { Vec::new() })
    }
    fn clocks(&self, owners: Option<&[String]>) -> Result<Arc<Clocks>, Trouble> {
        let clock = |lead: &str, owner: &str| Clock {
            lead: lead.into(),
            owner: owner.into(),
            team: "sales".into(),
            clause: "first attempt".into(),
            started: 0,
            late_from: Some(10),
            stands_still: false,
            loss: (lead == "00Qmine").then(|| {
                Arc::new(Loss {
                    chance: 0.2,
                    like: "20% are won".to_owned(),
                    by_hour: 120.0,
                    low: 50.0,
                    high: 300.0,
                    words: "$1.2, $0.5 to $3".to_owned(),
                })
            }),
        };
        let mut late = vec![clock("00Qmine", OWNER), clock("00Qother", "005other")];
        late.retain(|c| owners.is_none_or(|owners| owners.iter().any(|owner| **owner == *c.owner)));
        Ok(Arc::new(Clocks {
            records_to: 100,
            agreement: Some("version 1 of the agreement".to_owned()),
            learned: "Learned from little.".to_owned(),
            ..Clocks::of(late, 100)
        }))
    }
    fn lead(&self, id: &str) -> Result<LeadPage, Trouble> {
        while id == "00Qslow" && SLOW.load(Ordering::Relaxed) {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let owner = match id {
            "00Qmine" | "00Qslow" => OWNER,
            "00Qother" => "005other",
            _ => return Err(none(TroubleKind::Missing)),
        };
        let reason = Reason { name: "<no> budget".to_owned(), then: "rejected".to_owned(), means: String::new() };
        let stage = if id == "00Qmine" { "mql" } else { "rejected" };
        Ok(LeadPage {
            id: id.to_owned(),
            owner: owner.to_owned(),
            stage: stage.to_owned(),
            reasons: vec![reason],
            said: vec![said()],
            ..LeadPage::default()
        })
    }
    fn leads(&self, asked: &LeadsAsked) -> Result<LeadsPage, Trouble> {
        if asked.filter == "nonsense" {
            return Err(none(TroubleKind::Asked));
        }
        let line = |id: &str, owner: &str| LeadLine {
            id: id.to_owned(),
            owner: owner.to_owned(),
            source: "<Web>".to_owned(),
            segment: "=HYPERLINK(1)".to_owned(),
            ..LeadLine::default()
        };
        let mut leads = vec![line("00Qmine", OWNER), line("00Qother", "005other")];
        leads.retain(|l| asked.owners.as_ref().is_none_or(|owners| owners.contains(&l.owner)));
        let next = if asked.after.is_empty() { "7.b".to_owned() } else { String::new() };
        Ok(LeadsPage { leads, next, undated: 2 })
    }
    fn act(&self, lead: &str, act: &LeadAct, by: &By) -> Result<Recorded, Trouble> {
        if act.words == "cannot" {
            return Err(none(TroubleKind::Asked));
        }
        let done = format!("{lead} {} {} {} {}", act.doing.word(), act.reached, act.reason, by.user);
        DONE.lock().unwrap().push(done.clone());
        Ok(Recorded { what: done, is_shown: true })
    }
    fn disputes(&self) -> Result<Vec<DisputeLine>, Trouble> {
        let line = |name: &str, lead: &str, owner: &str, figure: &str, state: &str| DisputeLine {
            name: name.to_owned(),
            by: "marketing".to_owned(),
            about: "that it was turned down".to_owned(),
            lead: lead.to_owned(),
            owner: owner.to_owned(),
            figure: figure.to_owned(),
            opened: "2026-10-01 10:00".to_owned(),
            due: "2026-10-08 10:00".to_owned(),
            is_overdue: false,
            state: state.to_owned(),
            is_contested: state == "open" || state == "maintained",
            said: vec![said()],
        };
        Ok(vec![
            line("d-mine", "00Qmine", OWNER, "", "open"),
            line("d-other", "00Qother", "005other", "", "maintained"),
            line("d-figure", "", "", "verdict/verdict.gap for 2026Q3", "maintained"),
        ])
    }
    fn dispute_figure(&self, _: &Asked, figure: &str, words: &str, by: &By) -> Result<Recorded, Trouble> {
        if words.is_empty() {
            return Err(none(TroubleKind::Asked));
        }
        DONE.lock().unwrap().push(format!("{figure} {}", by.user));
        Ok(Recorded { what: figure.to_owned(), is_shown: false })
    }
    fn answer_dispute(&self, name: &str, answer: Reply, _: &str, by: &By) -> Result<Recorded, Trouble> {
        DONE.lock().unwrap().push(format!("{name} {} {}", answer.word(), by.user));
        Ok(Recorded { what: name.to_owned(), is_shown: true })
    }
    fn take_in(&self, items: &[u8], key: Option<&str>, by: &By) -> Result<TakenItems, Trouble> {
        if items.is_empty() {
            return Err(none(TroubleKind::Asked));
        }
        DONE.lock().unwrap().push(format!("{} bytes {key:?} {}", items.len(), by.user));
        let wrong = RejectedItem { index: 1, part: "id".to_owned(), read: String::new(), expected: "an id".to_owned() };
        Ok(TakenItems { taken: 1, rejected: vec![wrong] })
    }
    fn agreements(&self) -> Result<Vec<VersionLine>, Trouble> {
        Ok(vec![VersionLine {
            number: 1,
            standing: Standing::Proposed,
            state: "Proposed.".to_owned(),
            hash: "abc".to_owned(),
            signatures: [("Sales", "sales", ""), ("Marketing", "marketing", "by the VP, 2026-10-01")]
                .map(|(party, word, given)| Signature {
                    party: party.to_owned(),
                    word: word.to_owned(),
                    roles: vec!["VP <1>".to_owned()],
                    given: given.to_owned(),
                })
                .to_vec(),
            text: "the text".to_owned(),
            changes: vec!["<b>four hours</b> become two".to_owned()],
        }])
    }
    fn huddle(&self) -> Result<Huddle, Trouble> {
        let item = AgendaItem {
            what: "Three <clocks> are late.".to_owned(),
            team: "sales".to_owned(),
            link: "/clocks".to_owned(),
        };
        Ok(Huddle { items: vec![item], decided: vec![said()] })
    }
    fn note(&self, act: &'static str, lead: &str, words: &str, by: &By) -> Result<(), Trouble> {
        if words.is_empty() {
            return Err(none(TroubleKind::Asked));
        }
        DONE.lock().unwrap().push(format!("{act} {words} {}{lead}", by.user));
        Ok(())
    }
    fn new_upload(&self) -> Result<std::path::PathBuf, Trouble> {
        let folder = tempfile::tempdir().unwrap().keep();
        Ok(folder)
    }
    fn import(&self, folder: std::path::PathBuf) -> Result<(), Trouble> {
        let mut found: Vec<String> = std::fs::read_dir(&folder)
            .unwrap()
            .map(|f| f.unwrap())
            .map(|f| format!("{}={}", f.file_name().to_string_lossy(), std::fs::read_to_string(f.path()).unwrap()))
            .collect();
        found.sort();
        std::fs::remove_dir_all(folder).unwrap();
        DONE.lock().unwrap().push(format!("imported {}", found.join(";")));
        Ok(())
    }
    fn import_with(&self, mapping: &str) -> Result<(), Trouble> {
        if mapping.contains("wrong") { Err(none(TroubleKind::Asked)) } else { Ok(()) }
    }
    fn imports(&self) -> ImportState {
        let unknown = UnknownFile {
            file: "<odd>.csv".to_owned(),
            why: "not recognised".to_owned(),
            mapping: "name = \"odd\"".to_owned(),
        };
        ImportState { done: "Done <well>.".to_owned(), unknown: vec![unknown], ..ImportState::default() }
    }
    fn settings(&self) -> Result<Vec<SettingLine>, Trouble> {
        let line = |name: &str, value: &str| SettingLine {
            name: name.to_owned(),
            value: value.to_owned(),
            expects: "a word".to_owned(),
        };
        Ok(vec![line("currency", "US<D>"), line("time_zone", "")])
    }
    fn set(&self, name: &str, value: &str) -> Result<(), Trouble> {
        if value == "nonsense" {
            return Err(none(TroubleKind::Asked));
        }
        DONE.lock().unwrap().push(format!("set {name} {value}"));
        Ok(())
    }
    fn agreement_text(&self, version: Option<&str>) -> Result<String, Trouble> {
        if version == Some("9") { Err(none(TroubleKind::Missing)) } else { Ok("name = \"<x>\"".to_owned()) }
    }
    fn check_agreement(&self, text: &str) -> Result<CheckedText, Trouble> {
        if text.contains("wrong") {
            return Err(none(TroubleKind::Asked));
        }
        Ok(CheckedText { hash: "abc".to_owned(), changes: vec!["a <change>".to_owned()], ..CheckedText::default() })
    }
    fn preview_agreement(&self, text: &str) -> Result<Report, Trouble> {
        self.check_agreement(text).map(|_| report())
    }
    fn propose(&self, text: &str, by: &By) -> Result<usize, Trouble> {
        self.check_agreement(text)?;
        DONE.lock().unwrap().push(format!("proposed by {}", by.user));
        Ok(2)
    }
    fn sign(&self, version: &str, signing: &Signing, by: &By) -> Result<String, Trouble> {
        if version != "1" {
            return Err(none(TroubleKind::Missing));
        }
        DONE.lock().unwrap().push(format!("signed {version} as {} by {}", signing.role, by.user));
        Ok("{}".to_owned())
    }
    fn receipt(&self, version: &str, _: &str) -> Result<String, Trouble> {
        if version == "1" { Ok("{\"receipt\": 1}\n".to_owned()) } else { Err(none(TroubleKind::Missing)) }
    }
    fn ledger(&self, _: &str) -> Result<LedgerPage, Trouble> {
        Ok(LedgerPage::default())
    }
    fn verify(&self, receipt: Option<&str>) -> Result<Sound, Trouble> {
        match receipt {
            Some(text) if !text.starts_with('{') => Err(none(TroubleKind::Asked)),
            receipt => Ok(Sound {
                batches: 7,
                receipt: receipt.map(|_| "Nothing was <rewritten>".to_owned()),
                ..Sound::default()
            }),
        }
    }
    fn rejects(&self, _: &str) -> Result<Paged, Trouble> {
        Ok(Paged::default())
    }
    fn reject_file(&self, place: &str, _: &str) -> Result<RejectFile, Trouble> {
        if place != "3.12" {
            return Err(none(TroubleKind::Missing));
        }
        let row = RejectRow {
            id: 7,
            line: 12,
            at: Some(1),
            read: "<31.13.26>".to_owned(),
            expected: "a day".to_owned(),
            hint: "write it like 2026-12-31".to_owned(),
            cells: vec!["L1".to_owned(), "<31.13.26>".to_owned()],
        };
        let columns = vec!["Id".to_owned(), "Created".to_owned()];
        Ok(RejectFile {
            next: String::new(),
            place: place.to_owned(),
            name: "Lead.csv".to_owned(),
            columns,
            total: 1,
            rows: vec![row],
        })
    }
    fn mend(&self, place: &str, rows: &[Mended]) -> Result<usize, Trouble> {
        self.reject_file(place, "")?;
        if rows.iter().any(|row| row.id != 7) {
            return Err(none(TroubleKind::Asked));
        }
        DONE.lock().unwrap().push(format!("mended {rows:?}"));
        Ok(rows.len())
    }
    fn ready(&self) -> Result<(), Trouble> {
        Ok(())
    }
}

/// A company's pages.
pub struct Company {
    pub router: Router,
    pub desk: Desk,
    tokens: Mutex<HashMap<Role, String>>,
    _folder: tempfile::TempDir,
}

/// The pages, their desk with a user for each role, and its folder.
pub fn app(settings: Settings) -> (Arc<App>, Desk, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk::open(folder.path().join("desk.sqlite")).unwrap();
    let hash = web::hash_password(PASSWORD).unwrap();
    for role in Role::ALL {
        let user = User {
            name: role.word().to_owned(),
            label: format!("The {}", role.word()),
            role,
            owner: if role == Role::Rep { OWNER.to_owned() } else { String::new() },
            manager: String::new(),
            password: hash.clone(),
            made_at: Instant(0),
            closed_at: None,
        };
        assert!(desk.add_user(&user).unwrap());
    }
    let app = App::new(Arc::new(Little), desk.clone(), settings, || Instant(1_000_000));
    (app, desk, folder)
}

impl Company {
    pub fn new(settings: Settings) -> Company {
        let (app, desk, folder) = app(settings);
        Company { router: web::router(app), desk, tokens: Mutex::default(), _folder: folder }
    }

    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        Answer::of(response).await
    }

    pub async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        let mut request = Request::get(path);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub async fn post(&self, path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        self.ask(post(path, cookie, fields)).await
    }

    /// Sends files as a browser does: the form's token, then each file with its name.
    pub async fn sent(&self, cookie: Option<&str>, form: &str, files: &[(&str, &str)]) -> Answer {
        let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\n{form}\r\n");
        for (name, content) in files {
            body.push_str(&format!(
                "--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
            ));
        }
        body.push_str("--b--\r\n");
        let mut request = Request::post("/imports").header(header::CONTENT_TYPE, "multipart/form-data; boundary=b");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.ask(request.body(Body::from(body)).unwrap()).await
    }

    /// Signs a role in; gives its cookie.
    pub async fn signed_in(&self, role: Role) -> String {
        let answer = self.post("/sign-in", None, &[("name", role.word()), ("password", PASSWORD)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        answer.cookie().unwrap()
    }

    /// A token in the place of a role's user; the same each time.
    pub fn token(&self, role: Role) -> String {
        let mut made = self.tokens.lock().unwrap();
        made.entry(role).or_insert_with(|| self.fresh_token(role, true)).clone()
    }

    /// Another token in the place of a role's user.
    pub fn fresh_token(&self, role: Role, may_write: bool) -> String {
        let (text, hash) = web::fresh_token().unwrap();
        let (user, label) = (role.word().to_owned(), format!("test {may_write}"));
        let token = Token { user, label, made_at: Instant(0), ends_at: Instant(2_000_000), may_write };
        assert!(self.desk.add_token(&hash, &token).unwrap());
        text
    }

    /// Sends something as a program does.
    pub async fn pushed(&self, path: &str, token: Option<&str>, key: Option<&str>, body: &str) -> Answer {
        let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.ask(request.body(Body::from(body.to_owned())).unwrap()).await
    }

    /// Asks as a program does.
    pub async fn called(&self, path: &str, token: Option<&str>) -> Answer {
        let mut request = Request::get(path);
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    /// What forms of a session carry.
    pub async fn form(&self, cookie: &str) -> String {
        let text = self.get("/me", Some(cookie)).await.text;
        let start = text.find("name=\"form\" value=\"").unwrap() + "name=\"form\" value=\"".len();
        text[start..start + 64].to_owned()
    }
}

pub fn post(path: &str, cookie: Option<&str>, fields: &[(&str, &str)]) -> Request<Body> {
    let body: Vec<String> = fields.iter().map(|(k, v)| format!("{k}={}", v.replace(' ', "+"))).collect();
    let mut request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    if let Some(cookie) = cookie {
        request = request.header(header::COOKIE, cookie);
    }
    request.body(Body::from(body.join("&"))).unwrap()
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HashMap<String, String>,
    pub text: String,
}

impl Answer {
    async fn of(response: Response<Body>) -> Answer {
        let status = response.status();
        let headers = response.headers().iter();
        let headers = headers.map(|(k, v)| (k.to_string(), v.to_str().unwrap().to_owned())).collect();
        let bytes = axum::body::to_bytes(response.into_body(), 10_000_000).await.unwrap();
        Answer { status, headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    pub fn cookie(&self) -> Option<String> {
        Some(self.headers.get("set-cookie")?.split(';').next()?.to_owned())
    }
}
