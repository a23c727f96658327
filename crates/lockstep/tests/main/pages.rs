//! The pages as a browser gets them from the running program: the same figures as the commands print, and an orderly end.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::page::Page;
use crate::program::Place;

/// A program that serves, until it is dropped.
pub struct Serving {
    child: Child,
    port: u16,
    pub cookie: String,
}

/// Status, headers and body.
pub struct Answer(pub u16, pub String, pub String);

impl Serving {
    pub fn start(place: &Place, args: &[&str]) -> Serving {
        let mut child = Command::new(env!("CARGO_BIN_EXE_lockstep"))
            .current_dir(place.path("."))
            .args(args)
            .args(["--listen", "127.0.0.1:0"])
            .env_remove("LOCKSTEP_HOME")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let line = out.lines().map_while(Result::ok).find(|l| l.starts_with("Pages at http://")).expect("no address");
        let port = line.split(':').nth(2).unwrap().split(' ').next().unwrap().parse().unwrap();
        Serving { child, port, cookie: String::new() }
    }

    fn ask(&self, method: &str, path: &str, body: &str) -> Answer {
        let cookie = if self.cookie.is_empty() { String::new() } else { format!("Cookie: {}\r\n", self.cookie) };
        self.asked(method, path, &cookie, body)
    }

    /// Asks as a program does; `more`: lines of its head.
    pub fn called(&self, method: &str, path: &str, token: &str, more: &str, body: &str) -> Answer {
        self.asked(method, path, &format!("Authorization: Bearer {token}\r\n{more}"), body)
    }

    /// Sends files as a browser does.
    pub fn send(&self, files: &[(&str, &str)]) -> Answer {
        let mut body = format!("--b\r\ncontent-disposition: form-data; name=\"form\"\r\n\r\n{}\r\n", self.form());
        for (name, content) in files {
            body.push_str(&format!(
                "--b\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
            ));
        }
        let cookie = format!("Cookie: {}\r\nContent-Type: multipart/form-data; boundary=b\r\n", self.cookie);
        self.asked("POST", "/imports", &cookie, &(body + "--b--\r\n"))
    }

    /// What forms of this sign-in carry.
    fn form(&self) -> String {
        let page = self.get("/me").2;
        page.split("name=\"form\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    }

    /// Sends a form of the page that one is signed in for.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let form = self.form();
        let body: Vec<String> = fields
            .iter()
            .chain([&("form", form.as_str())])
            .map(|(k, v)| format!("{k}={}", v.replace(' ', "+")))
            .collect();
        self.ask("POST", path, &body.join("&"))
    }

    fn asked(&self, method: &str, path: &str, cookie: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{cookie}Content-Length: {length}\r\n\r\n{body}"
        )
        .unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer(status, head.to_owned(), body.to_owned())
    }

    /// Asks, and again while the answer is being worked out.
    pub fn get(&self, path: &str) -> Answer {
        loop {
            let answer = self.ask("GET", path, "");
            if answer.0 != 202 {
                return answer;
            }
            assert!(answer.1.contains("refresh: 3") || answer.1.contains("retry-after: 3"), "{}", answer.1);
        }
    }

    pub fn sign_in(&mut self, name: &str, password: &str) {
        let Answer(status, head, body) = self.ask("POST", "/sign-in", &format!("name={name}&password={password}"));
        assert_eq!(status, 303, "{body}");
        let cookie = head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).unwrap();
        self.cookie = cookie.split(';').next().unwrap().to_owned();
    }

    /// Tells it to stop; gives its exit code.
    #[cfg(unix)]
    pub fn stopped(mut self) -> Option<i32> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The number that stands for each figure on a page: its link's words.
fn words_of(page: &str, id: &str) -> Vec<String> {
    let link = format!("href=\"#f-{id}\"");
    page.split(&link)
        .skip(1)
        .filter_map(|rest| rest.split_once('>')?.1.split_once("</a>"))
        .map(|(inside, _)| {
            let mut out = String::new();
            let mut is_tag = false;
            for c in inside.chars() {
                match c {
                    '<' => is_tag = true,
                    '>' => is_tag = false,
                    c if !is_tag => out.push(c),
                    _ => {}
                }
            }
            out
        })
        .collect()
}

#[test]
fn pages_show_what_the_commands_print_and_follow_new_batches() {
    let place = Place::imported("leaky", 1_500, 3);
    let none = place.run(&["serve", "--listen", "127.0.0.1:0"]).ended(2);
    assert!(none.err.contains("lockstep user add"), "{}", none.err);
    let added = place.run(&["user", "add", "Mei", "--role", "revops", "--json"]).ended(0).json();
    let password = added["password"].as_str().unwrap().to_owned();
    place.run(&["user", "add", "boss", "--role", "admin"]).ended(0);
    let mut serving = Serving::start(&place, &["--home", "home", "serve"]);
    assert_eq!(serving.get("/reports/verdict").0, 303);
    serving.sign_in("mei", &password);
    // the same bytes as the command's
    for room in ["verdict", "funnel"] {
        let told = place.report(&[room]);
        let served = serving.get(&format!("/reports/{room}/export/json")).2;
        assert_eq!(served.trim_end(), told.trim_end(), "{room}");
    }
    // and on the page the words of the one-file report
    let page = serving.get("/reports/verdict").2;
    let file = serving.get("/reports/verdict/export/html").2;
    let ids = Page::read(&place.report(&["verdict"])).figures.into_keys().collect::<Vec<String>>();
    assert!(ids.len() > 20);
    for id in &ids {
        assert_eq!(words_of(&page, id), words_of(&file, id), "{id}");
    }
    // two clicks to the rows, with file and line
    let rows = serving.get("/reports/verdict/rows/verdict.win_rate").2;
    let told = place.run(&["rows", "verdict.win_rate", "--limit", "3"]).ended(0).out;
    let first = told.lines().nth(2).unwrap().split_whitespace().next().unwrap();
    assert!(rows.contains(first), "{first}");
    // a batch that another process adds is seen at once
    std::fs::write(place.path("plan.csv"), "period,metric,currency,amount\n2026Q3,new_bookings,USD,9000000\n").unwrap();
    let before = serving.get("/ledger").2;
    place.run(&["import", &place.path("plan.csv").display().to_string()]).ended(0);
    let after = serving.get("/ledger").2;
    assert!(before.contains("Batch 1,") && after.contains("Batch 2,"));
    // its facts are made beside what is shown until then
    let told = |path: &str| {
        let mut answer = serving.get(path);
        for _ in 0..600 {
            if answer.0 == 200 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
            answer = serving.get(path);
        }
        answer
    };
    assert_eq!(told("/reports/verdict?against=plan").0, 200);
    assert_eq!(serving.get("/reports/verdict?period=soon").0, 400);
    // as it was known before that batch: the command's bytes, and the page says so
    let then = serving.get("/reports/verdict/export/json?at=1").2;
    assert_eq!(then.trim_end(), place.report(&["verdict", "--at", "1"]).trim_end());
    assert!(serving.get("/ledger").2.contains("href=\"/reports/verdict?at=1\""));
    let page = serving.get("/reports/verdict?at=1").2;
    assert!(page.contains("As it was known at batch 1") && page.contains("rows/verdict.win_rate?at=1"), "{page}");
    assert_eq!(serving.get("/reports/verdict/rows/verdict.win_rate?at=1").0, 200);
    for at in ["7", "soon", "1999-01-01"] {
        assert_eq!(serving.get(&format!("/reports/verdict?at={at}")).0, 400, "{at}");
    }
    // all rows behind a figure, page after page, each once
    let made = place.run(&["user", "token", "mei", "--label", "t", "--write", "--json"]).ended(0).json();
    let token = made["token"].as_str().unwrap();
    let api = |path: &str| -> serde_json::Value {
        serde_json::from_str(&serving.called("GET", path, token, "", "").2).unwrap()
    };
    let report = api("/api/v1/reports/verdict").to_string();
    let (id, rows) = Page::read(&report)
        .figures
        .into_iter()
        .filter_map(|(id, f)| Some((id, f.evidence?.1 as usize)))
        .max_by_key(|(_, rows)| *rows)
        .unwrap();
    assert!(rows > 400, "{id}: {rows}");
    let (mut after, mut seen, mut pages) = (String::new(), Vec::new(), 0);
    loop {
        let part = api(&format!("/api/v1/reports/verdict/rows/{id}?after={after}"));
        seen.extend(part["rows"].as_array().unwrap().iter().map(ToString::to_string));
        pages += 1;
        after = part["next"].as_str().unwrap().to_owned();
        if after.is_empty() {
            break;
        }
    }
    assert_eq!((seen.len(), pages), (rows, rows.div_ceil(200)));
    seen.sort();
    seen.dedup();
    assert!(seen.len() > rows * 9 / 10, "rows that look alike are few: {}", seen.len());
    for bad in ["x", "1.200", "2.-1"] {
        assert_eq!(
            serving.called("GET", &format!("/api/v1/reports/verdict/rows/{id}?after={bad}"), token, "", "").0,
            400
        );
    }
    // whether anything was changed is asked on the page, by programs, and by the command: one answer
    let told = place.run(&["verify", "--json"]).ended(0).json();
    let checked = serving.called("POST", "/api/v1/ledger/checks", token, "", "{}").2;
    let checked: serde_json::Value = serde_json::from_str(&checked).unwrap();
    for part in ["batches", "files", "bytes", "head"] {
        assert_eq!(checked[part], told[part], "{part}");
    }
    let sound = serving.post("/ledger/verify", &[("receipt", "")]);
    assert!(sound.0 == 200 && sound.2.contains("The ledger is sound"), "{}", sound.2);
    let no_receipt = serving.post("/ledger/verify", &[("receipt", "{}")]);
    assert!(no_receipt.0 == 422 && no_receipt.2.contains("has no /public_key"), "{}", no_receipt.2);
    // a byte that somebody changed is named, with its file and batch, and not where the files lie on the machine
    let batches = place.path("home/ledger/batches");
    let first = std::fs::read_dir(batches).unwrap().map(|d| d.unwrap().path()).min().unwrap();
    let file = std::fs::read_dir(first).unwrap().map(|f| f.unwrap().path());
    let file = file.filter(|f| f.extension().is_some_and(|e| e == "parquet")).min().unwrap();
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[9] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let name = file.file_name().unwrap().to_str().unwrap();
    let here = place.path(".").display().to_string();
    let broken = serving.post("/ledger/verify", &[("receipt", "")]);
    assert!(broken.0 == 422 && broken.2.contains(name) && broken.2.contains("of batch 1"), "{}", broken.2);
    let told = serving.called("POST", "/api/v1/ledger/checks", token, "", "{}");
    assert!(told.0 == 400 && told.2.contains("ledger_broken") && told.2.contains(name), "{}", told.2);
    assert!(!broken.2.contains(&here) && !told.2.contains(&here));
    #[cfg(unix)]
    assert_eq!(serving.stopped(), Some(0));
}

#[test]
fn the_demo_has_an_account_for_each_role_and_an_agreement_in_force() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &["--home", "d", "demo", "--serve", "--leads", "600"]);
    for role in ["admin", "ceo", "sales-lead", "marketing-lead", "revops", "rep", "marketer", "mediator"] {
        serving.cookie.clear();
        serving.sign_in(role, "look-around-2026");
        assert!(serving.get("/agreement").2.contains("Version 1 is in force"), "{role}");
        assert_eq!(serving.get("/clocks").0, if role == "mediator" { 403 } else { 200 }, "{role}");
    }
    serving.cookie.clear();
    serving.sign_in("rep", "look-around-2026");
    // a lead of the rep's own opens, with its score as a sum of rules
    let clocks = serving.get("/clocks").2;
    let lead = clocks.split("href=\"/leads/").nth(1).unwrap().split('"').next().unwrap();
    let Answer(status, _, page) = serving.get(&format!("/leads/{lead}"));
    assert!(status == 200 && page.contains("points by version 1"), "{page}");
}

/// Each room with the command that prints the same, and the same question in an address.
const ROOMS: [(&str, &[&str], &str); 10] = [
    ("verdict", &["report", "verdict"], ""),
    (
        "verdict",
        &["report", "verdict", "--period", "2026-08", "--against", "year-ago"],
        "?period=2026-08&against=year-ago",
    ),
    ("funnel", &["report", "funnel"], ""),
    ("quality", &["report", "quality"], ""),
    ("followup", &["report", "followup"], ""),
    ("scorecard", &["report", "scorecard"], ""),
    ("scoring", &["score", "rules"], ""),
    ("capacity", &["capacity"], ""),
    ("capacity", &["capacity", "--reps", "3", "--minutes-per-attempt", "20"], "?reps=3&minutes_per_attempt=20"),
    ("goal", &["goal", "2500000"], "?won=2%2C500%2C000"),
];

#[test]
fn every_figure_of_a_page_is_that_of_the_command_and_of_the_api() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &["--home", "d", "demo", "--serve", "--leads", "1500"]);
    serving.sign_in("ceo", "look-around-2026");
    let cli = |args: &[&str]| {
        let args: Vec<&str> = ["--home", "d/home", "--quiet"].into_iter().chain(args.iter().copied()).collect();
        crate::program::lockstep(&place.path("."), &args)
    };
    let made: serde_json::Value =
        serde_json::from_str(&cli(&["user", "token", "ceo", "--label", "t", "--json"]).ended(0).out).unwrap();
    let token = made["token"].as_str().unwrap().to_owned();
    let mut words = 0;
    for (room, command, query) in ROOMS {
        let told = cli(&[command, &["--json"]].concat()).out;
        let told: serde_json::Value =
            serde_json::from_str(&told).unwrap_or_else(|e| panic!("{command:?}: {e}: {told}"));
        let file: serde_json::Value =
            serde_json::from_str(&serving.get(&format!("/reports/{room}/export/json{query}")).2).unwrap();
        assert_eq!(file, told, "{room}{query}: the page's file");
        let api = serving.called("GET", &format!("/api/v1/reports/{room}{query}"), &token, "", "").2;
        let api: serde_json::Value = serde_json::from_str(&api).unwrap();
        assert_eq!(api, told, "{room}{query}: the API");
        // each figure on the page in the words of the command's own one-file page
        let page = serving.get(&format!("/reports/{room}{query}")).2;
        let own = cli(&[command, &["--format", "html"]].concat()).out;
        let ids = Page::read(&told.to_string()).figures.into_keys();
        for id in ids {
            let shown = words_of(&page, &id);
            assert_eq!(shown, words_of(&own, &id), "{room}{query}: {id}");
            words += shown.len();
        }
    }
    assert!(words > 500, "{words}");
    assert_eq!(serving.get("/reports/capacity?reps=none").0, 400);
    assert_eq!(serving.get("/reports/scoring?outcome=fame").0, 400);
    assert_eq!(serving.get("/reports/goal?by=owner").0, 400);
    drop(serving);
    // the queue: clocks, and what waiting loses; whose leads they are is shown to who leads sales. The demo has a day of its own,
    // so the home is served as any other
    let mut serving = Serving::start(&place, &["--home", "d/home", "serve"]);
    let made = cli(&["user", "token", "sales-lead", "--label", "t", "--json"]).ended(0).json();
    let api = serving.called("GET", "/api/v1/clocks", made["token"].as_str().unwrap(), "", "").2;
    let api: serde_json::Value = serde_json::from_str(&api).unwrap();
    let told: serde_json::Value = serde_json::from_str(&cli(&["queue", "--json"]).ended(0).out).unwrap();
    assert_eq!(told, api, "the queue");
    let lost = |side: &str| api[side].as_array().unwrap().iter().filter(|c| c["loss"].is_object()).count();
    assert!(lost("late") + lost("running") > 20, "{told}");
    serving.sign_in("sales-lead", "look-around-2026");
    let token = made["token"].as_str().unwrap();
    let of = |path: &str| -> serde_json::Value {
        serde_json::from_str(&serving.called("GET", path, token, "", "").2).unwrap()
    };
    // the score of leads, line by line
    let mut scored = 0;
    for clock in api["late"].as_array().unwrap().iter().chain(api["running"].as_array().unwrap()).take(12) {
        let lead = clock["lead"].as_str().unwrap();
        let told: serde_json::Value = serde_json::from_str(&cli(&["score", lead, "--json"]).ended(0).out).unwrap();
        let (page, one) = (serving.get(&format!("/leads/{lead}")).2, of(&format!("/api/v1/leads/{lead}")));
        let sum = format!("{} points by version {}", told["score"], told["version"]);
        assert!(page.contains(&sum) && one["score"]["note"].as_str().unwrap().starts_with(&sum), "{lead}: {sum}");
        let points = |lines: &serde_json::Value, of: &dyn Fn(&serde_json::Value) -> i64| -> i64 {
            lines.as_array().unwrap().iter().map(of).sum()
        };
        let shown = points(&one["score"]["rows"], &|row| {
            row[3]["words"].as_str().unwrap().replace('\u{2212}', "-").parse().unwrap_or(0)
        });
        let own = points(&told["lines"], &|line| line["points"].as_i64().unwrap());
        assert_eq!((shown, own), (told["score"].as_i64().unwrap(), shown), "{lead}");
        scored += told["lines"].as_array().unwrap().len();
    }
    assert!(scored > 12, "{scored}");
    // what the ledger holds
    let told: serde_json::Value = serde_json::from_str(&cli(&["status", "--json"]).ended(0).out).unwrap();
    let (held, page) = (of("/api/v1/ledger"), serving.get("/ledger").2);
    assert_eq!((&held["head"], &held["hash"]), (&told["batch"], &told["hash"]));
    for row in held["entries"]["rows"].as_array().unwrap() {
        let cell = |n: usize| row[n]["words"].as_str().unwrap().to_owned();
        let count = &told["counts"][cell(0).replace(' ', "_")];
        assert_eq!(cell(1).replace(',', ""), count.to_string(), "{row}");
        assert!(page.contains(&format!("<span>{}</span>", cell(1))), "{row}");
    }
    for order in ["value", "clock"] {
        let file = serving.get(&format!("/clocks?order={order}&as=csv")).2;
        let own = cli(&["queue", "--csv", "--order", order]).ended(0).out;
        assert_eq!(file, own, "{order}");
    }
}

#[test]
fn a_row_that_could_not_be_read_is_mended_on_its_page() {
    let place = Place::new();
    let csv = "Id,Email,Status,CreatedDate,LeadSource,IsConverted\n\
               00Q1,a@x.example,Open,2026-07-01T10:00:00Z,Web,false\n\
               00Q2,b@x.example,Open,the first of May,Web,false\n\
               00Q3,c@x.example,Open,2026-13-45,Web,false\n";
    std::fs::write(place.path("Lead.csv"), csv).unwrap();
    place.run(&["import", &place.path("Lead.csv").display().to_string()]).ended(1);
    let added = place.run(&["user", "add", "mei", "--role", "revops", "--json"]).ended(0).json();
    place.run(&["user", "add", "boss", "--role", "admin"]).ended(0);
    let mut serving = Serving::start(&place, &["--home", "home", "serve"]);
    serving.sign_in("mei", added["password"].as_str().unwrap());
    let list = serving.get("/ledger/rejects").2;
    let link = list.split("href=\"/ledger/rejects/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = serving.get(&format!("/ledger/rejects/{link}")).2;
    assert!(page.contains("the first of May") && page.contains("2026-13-45"), "{page}");
    let field = page.split("id=\"c-").find(|f| f.contains("value=\"the first of May\"")).unwrap();
    let field = format!("c-{}", field.split('"').next().unwrap());
    let sent = serving.post(&format!("/ledger/rejects/{link}"), &[(&field, "2026-05-01T08:00:00Z")]);
    assert_eq!(sent.0, 303, "{}", sent.2);
    for n in 0.. {
        let text = serving.get("/imports").2;
        if text.contains("Batch 2 is in the ledger") {
            break;
        }
        assert!(n < 300, "{text}");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    // the one is mended, the other stays where it was
    let list = serving.get("/ledger/rejects").2;
    assert!(!list.contains("the first of May") && list.contains("2026-13-45"), "{list}");
    let left = place.run(&["rejects", "--json"]).ended(1).json();
    assert_eq!(left["total"], 1);
    let told = place.run(&["explain", "00Q2"]).ended(0).out;
    assert!(told.contains("2026-05-01"), "{told}");
}

/// A manager sees the leads of all who report to them by the CRM, and a rep their own alone, by whatever the records call them.
#[test]
fn a_manager_sees_the_leads_of_who_reports_to_them() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("exports")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(place.path("exports").join(name), text).unwrap();
    write(
        "Lead.csv",
        "Id,Email,Status,CreatedDate,LeadSource,IsConverted,OwnerId\n\
         00Q00000000000a,a@x.example,Open,2026-07-01T10:00:00Z,Web,false,00500000000000A\n\
         00Q00000000000b,b@x.example,Open,2026-07-01T10:00:00Z,Web,false,00500000000000B\n\
         00Q00000000000c,c@x.example,Open,2026-07-01T10:00:00Z,Web,false,00500000000000C\n",
    );
    write(
        "User.csv",
        "Id,Username,UserType,Name,ManagerId\n\
         00500000000000A,a@us.example,Standard,A A,00500000000000M\n\
         00500000000000B,b@us.example,Standard,B B,00500000000000A\n\
         00500000000000M,m@us.example,Standard,M M,\n",
    );
    // a list that names owners alone
    write(
        "Leads by owner.csv",
        "Lead ID,Email,Lead Status,Create Date,Lead Source,Converted,Lead Owner\n\
         00Q00000000000d,d@x.example,Open,2026-07-01T10:00:00Z,Web,false,Jo March\n",
    );
    place.import("exports");
    place.run(&["user", "add", "admin", "--role", "admin"]).ended(0);
    // c is of no list: known by the id alone
    let users = [
        ("boss", "00500000000000M", "ab"),
        ("a", "00500000000000A", "ab"),
        ("b", "B B", "b"),
        ("long", "00500000000000BAAQ", "b"),
        ("c", "00500000000000C", "c"),
        ("jo", "jo  march", "d"),
        ("none", "Nobody", ""),
    ];
    let passwords = users.map(|(name, owner, _)| {
        let added = place.run(&["user", "add", name, "--role", "rep", "--owner", owner, "--json"]).ended(0).json();
        added["password"].as_str().unwrap().to_owned()
    });
    let mut serving = Serving::start(&place, &["--home", "home", "serve"]);
    for ((name, owner, expected), password) in users.into_iter().zip(passwords) {
        serving.sign_in(name, &password);
        let page = serving.get("/leads").2;
        let seen = ["a", "b", "c", "d"].into_iter().filter(|l| page.contains(&format!("00Q00000000000{l}")));
        assert_eq!(seen.collect::<String>(), expected, "{owner}");
        assert_eq!(page.contains("Jo March"), expected == "d", "{owner}");
        for lead in ["a", "b", "c", "d"] {
            let is_shown = serving.get(&format!("/leads/00Q00000000000{lead}")).0 == 200;
            assert_eq!(is_shown, expected.contains(lead), "{owner} {lead}");
        }
    }
}
