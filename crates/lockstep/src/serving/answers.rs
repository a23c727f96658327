//! Each question of the pages, answered from the home.
//!
//! Not here: holding a head and what waits (`super`). Invariant: a page shows what the commands print for the same question.

use super::*;

impl web::Source for Serving {
    fn report(&self, asked: &Asked) -> Result<Arc<Report>, Trouble> {
        let (known, held) = (self.known().map_err(trouble)?, asked.given("at"));
        let head = known.head.hash().to_owned();
        match held {
            None => self.reports.get(&head, asked, || rooms::report(&known, asked).map_err(trouble)),
            Some(at) => match self.reports.held(&head, asked) {
                Some(report) => Ok(report),
                // whoever does not get its facts at once waits in no line
                None => {
                    let past = self.known_at(at).map_err(trouble)?;
                    self.reports.get(&head, asked, || rooms::report(&past, asked).map_err(trouble))
                }
            },
        }
    }

    fn rows(&self, asked: &Asked, figure: &str, after: &str) -> Result<Paged, Trouble> {
        let report = self.report(asked)?;
        let known = match asked.given("at") {
            None => self.known().map_err(trouble)?,
            Some(at) => self.known_at(at).map_err(trouble)?,
        };
        let head = known.head.seq();
        let skip = papers::passed(after, head).map_err(trouble)?;
        let json = serde_json::to_value(&*report)
            .map_err(|e| trouble(Failure::new("damaged", format!("a report could not be read: {e}"))))?;
        let evidence = rows::evidence(&json, figure).map_err(trouble)?;
        let found = rows::behind(&known, &evidence, (skip, ROWS)).map_err(trouble)?;
        let mut heads = vec!["file and line".to_owned()];
        heads.extend(found.shown.iter().map(|name| name.replace('_', " ")));
        let rows: Vec<Vec<Text>> = found
            .rows
            .into_iter()
            .map(|(file, line, _, cells)| {
                let place = format!("{}:{line}", file.rsplit('/').next().unwrap_or(&file));
                std::iter::once(place).chain(cells).map(Text::from).collect()
            })
            .collect();
        let shown = skip + rows.len();
        let next = if shown < evidence.rows as usize { format!("{head}.{shown}") } else { String::new() };
        let count = |n: u64| faces::format::count(i64::try_from(n).unwrap_or(i64::MAX));
        let which = if skip == 0 { String::new() } else { format!("{} to ", count(skip as u64 + 1)) };
        let note = format!(
            "{which}{} of {} {} rows. The line is the one of the export as it was imported.",
            count(shown as u64),
            count(evidence.rows),
            found.grain.word().replace('_', " ")
        );
        let list = Listing { title: label(&json, figure).unwrap_or_else(|| figure.to_owned()), heads, rows, note };
        Ok(Paged { list, next })
    }

    fn claim(&self, asked: &ClaimAsked) -> Result<Arc<Report>, Trouble> {
        let known = self.known().map_err(trouble)?;
        let head = known.head.hash().to_owned();
        let work = || -> Result<Report, Failure> {
            let home = self.home()?;
            let saved = match asked.name.as_str() {
                "" => None,
                name => Some(home.desk.claim(name)?.ok_or_else(|| claim::unknown(&home, name))?),
            };
            let written = match &saved {
                Some(saved) => Written::saved(saved)?,
                None => written_of(asked)?,
            };
            Ok(claim::check(&known, &written, saved.as_ref(), (SEED, None), &known.facts)?.0)
        };
        self.claims.get(&head, asked, || work().map_err(trouble))
    }

    fn save_claim(&self, name: &str, asked: &ClaimAsked, team: terms::Team) -> Result<(), Trouble> {
        let known = self.known().map_err(trouble)?;
        let keep = || claim::keep(&*self.home()?, &known, name, written_of(asked)?, team).map(|_| ());
        keep().map_err(trouble)
    }

    fn claims(&self) -> Result<Vec<SavedLine>, Trouble> {
        papers::claims(&*self.home().map_err(trouble)?).map_err(trouble)
    }

    fn metrics(&self) -> Vec<&'static str> {
        analyses::claims::Metric::ALL.iter().map(|m| m.word()).collect()
    }

    fn changes(&self) -> tokio::sync::watch::Receiver<web::Moment> {
        self.holding.moments.subscribe()
    }

    fn team(&self, owner: &str) -> Result<Vec<String>, Trouble> {
        let known = self.known().map_err(trouble)?;
        let head = known.head.hash().to_owned();
        let lines = self.lines.get(&head, &(), || team::lines(&known).map_err(trouble))?;
        // the owner, as facts have them, and who reports to any of them
        let mut out = known.reps().map_err(trouble)?.meant(owner);
        let below: Vec<String> = out.iter().flat_map(|owner| lines.below(owner)).collect();
        // a manager may own nothing
        out.extend(below.into_iter().chain(lines.below(owner)));
        Ok(known.reps().map_err(trouble)?.all(&out))
    }

    fn clocks(&self, owners: Option<&[String]>) -> Result<Arc<Clocks>, Trouble> {
        let known = self.known().map_err(trouble)?;
        let (head, open) = (known.head.hash().to_owned(), self.open_clocks(&known)?);
        let as_of = open.as_of(self.now());
        let owners = owners.map(|of| Ok::<_, Failure>(known.reps()?.all(of))).transpose().map_err(trouble)?;
        match owners {
            None => self.clocks.get(&head, &as_of, || Ok(open.at(as_of, None))),
            Some(of) => self.clocks_of.get(&head, &(as_of, of.clone()), || Ok(open.at(as_of, Some(&of)))),
        }
    }

    fn lead(&self, id: &str) -> Result<LeadPage, Trouble> {
        let known = self.known().map_err(trouble)?;
        // what the ledger says of it is read once for each head: an open page is asked for again with each moment
        let read = || papers::lead(&known, id).map_err(trouble);
        let (mut page, key) = (*self.leads.get(known.head.hash(), &id.to_owned(), read)?).clone();
        let fill = |page: &mut LeadPage| -> Result<(), Failure> {
            page.reasons = acts::reasons(&known, self.now())?;
            page.disputes = self.disputes_of(&known, Some(key.hash))?;
            let said = |n: desk::Note| Said { when: papers::minute(n.at), user: n.user, act: n.act, words: n.words };
            page.said = self.desk.notes(key.hash)?.into_iter().map(said).collect();
            for parcel in self.inbox.waiting_about(key.hash)? {
                let lines = parcel.body.lines().filter_map(|l| serde_json::from_str::<acted::Acted>(l).ok());
                page.waiting.extend(lines.map(|a| format!("{}: {}", papers::minute(a.at()), a.told)));
            }
            Ok(())
        };
        fill(&mut page).map_err(trouble)?;
        let open = self.open_clocks(&known)?;
        page.clocks = open.of_lead(&page.id, open.as_of(self.now()));
        Ok(page)
    }

    fn leads(&self, asked: &LeadsAsked) -> Result<LeadsPage, Trouble> {
        leads::page(&*self.known().map_err(trouble)?, asked).map_err(trouble)
    }

    fn act(&self, lead: &str, act: &LeadAct, by: &By) -> Result<Recorded, Trouble> {
        let known = self.known().map_err(trouble)?;
        let done = || -> Result<Recorded, Failure> {
            let key = explain::find(&known, lead)?;
            let open = disputes::all(known.dispute_steps()?, Some(&self.inbox))?;
            if act.doing == web::Doing::Appeal
                && open.iter().any(|d| d.dispute.subject == key && d.dispute.state.is_contested())
            {
                return Err(Failure::new("cannot_now", format!("`{lead}`: is in dispute already")));
            }
            let done = acts::act(&known, lead, act, by, self.now())?;
            let is_shown = self.keep(&done.acted, Some(key.hash), by)?;
            Ok(Recorded { what: done.what, is_shown })
        };
        done().map_err(trouble)
    }

    fn disputes(&self) -> Result<Vec<DisputeLine>, Trouble> {
        let known = self.known().map_err(trouble)?;
        self.disputes_of(&known, None).map_err(trouble)
    }

    fn dispute_figure(&self, asked: &Asked, figure: &str, words: &str, by: &By) -> Result<Recorded, Trouble> {
        let report = self.report(asked)?;
        let known = self.known().map_err(trouble)?;
        let done = || -> Result<Recorded, Failure> {
            let json = serde_json::to_value(&*report).map_err(|e| Failure::new("damaged", e.to_string()))?;
            if label(&json, figure).is_none() {
                return Err(Failure::new("unknown_figure", format!("`{figure}`: is no figure of this report")));
            }
            let which = format!("{}/{figure} for {}", asked.room.word(), report.provenance.period);
            let open = disputes::all(known.dispute_steps()?, Some(&self.inbox))?;
            if open.iter().any(|d| d.dispute.which == which && d.dispute.state.is_contested()) {
                return Err(Failure::new("cannot_now", format!("`{which}`: is in dispute already")));
            }
            let said = acts::words(words)?;
            if said.is_empty() {
                return Err(Failure::new("no_words", "a dispute says in a sentence what is wrong with the figure"));
            }
            let acted = disputes::open((None, ""), ("figure", &which), &said, by, self.now())?;
            let is_shown = self.keep(&[acted], None, by)?;
            Ok(Recorded { what: format!("disputed {which}"), is_shown })
        };
        done().map_err(trouble)
    }

    fn answer_dispute(&self, name: &str, answer: Answer, words: &str, by: &By) -> Result<Recorded, Trouble> {
        let known = self.known().map_err(trouble)?;
        let done = || -> Result<Recorded, Failure> {
            let all = disputes::all(known.dispute_steps()?, Some(&self.inbox))?;
            let one = all
                .iter()
                .find(|d| d.dispute.name == name)
                .ok_or_else(|| Failure::new("unknown_dispute", format!("`{name}`: no dispute has this name")))?;
            let said = acts::words(words)?;
            let (acted, state) = disputes::answer(one, answer, &said, by, self.now())?;
            let mut acted = vec![acted];
            let about = one.dispute.subject;
            // a lead that was turned down wrongly is sales' again
            if state.is_wrong() && about.entity == terms::Entity::Lead {
                let told = "accepted after an appeal";
                let back = acted::Acted::new(terms::Entity::StageChange, about, self.now(), told, "")?;
                acted.push(back.with("stage", terms::Stage::Sal.word()));
            }
            let subject = (about.entity == terms::Entity::Lead).then_some(about.hash);
            let is_shown = self.keep(&acted, subject, by)?;
            Ok(Recorded { what: format!("the dispute is {}", state.word()), is_shown })
        };
        done().map_err(trouble)
    }

    fn take_in(&self, items: &[u8], key: Option<&str>, by: &By) -> Result<TakenItems, Trouble> {
        self.take_items(items, key, by).map_err(trouble)
    }

    fn agreements(&self) -> Result<Vec<VersionLine>, Trouble> {
        let book = self.book(&*self.home().map_err(trouble)?)?;
        Ok(papers::agreements(&book, self.now()))
    }

    fn agreement_text(&self, version: Option<&str>) -> Result<String, Trouble> {
        self.home().and_then(|home| signing::text(&home, version)).map_err(trouble)
    }

    fn check_agreement(&self, text: &str) -> Result<CheckedText, Trouble> {
        self.home().and_then(|home| signing::check(&home, text, self.now())).map_err(trouble)
    }

    fn preview_agreement(&self, text: &str) -> Result<Report, Trouble> {
        let known = self.known().map_err(trouble)?;
        let proposal = signing::proposal(text).map_err(trouble)?;
        let home = self.home().map_err(trouble)?;
        preview::report(&known, &home, proposal, SEED, STYLE).map_err(trouble)
    }

    fn propose(&self, text: &str, _: &By) -> Result<usize, Trouble> {
        self.writing(|home| signing::propose(home, text, self.now())).map_err(trouble)
    }

    fn sign(&self, version: &str, act: &Signing, by: &By) -> Result<String, Trouble> {
        self.writing(|home| signing::sign(home, version, act, by, self.now())).map_err(trouble)
    }

    fn receipt(&self, version: &str, party: &str) -> Result<String, Trouble> {
        let again = || -> Result<String, Failure> {
            let home = self.home()?;
            let unknown = || Failure::new("unknown_version", format!("`{party}`: is no party"));
            agreements::receipt_again(home.ledger.head(), version, agreements::party(party).ok_or_else(unknown)?)
        };
        again().map_err(trouble)
    }

    fn huddle(&self) -> Result<Huddle, Trouble> {
        let (clocks, disputes) = (web::Source::clocks(self, None)?, web::Source::disputes(self)?);
        let kept = || -> Result<Vec<desk::Note>, Failure> {
            let mut all = self.desk.notes(huddle::thread())?;
            all.extend(self.desk.notes_of(Said::DEBRIEF, huddle::SHOWN)?);
            all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
            all.dedup_by(|a, b| a.id == b.id);
            Ok(all)
        };
        let decided = kept().map_err(trouble)?;
        let home = self.home().map_err(trouble)?;
        let open = huddle::records(&home, &*self.book(&home)?, self.now()).map_err(trouble)?;
        let said = |n: desk::Note| Said { when: papers::minute(n.at), user: n.user, act: n.act, words: n.words };
        let decided = decided.into_iter().rev().take(huddle::SHOWN).map(said).collect();
        Ok(Huddle { items: huddle::agenda(&clocks, &disputes, open), decided })
    }

    fn note(&self, act: &'static str, lead: &str, words: &str, by: &By) -> Result<(), Trouble> {
        let keep = || -> Result<(), Failure> {
            let words = acts::words(words)?;
            if words.is_empty() {
                return Err(Failure::new("no_words", "nothing is said"));
            }
            let key = terms::Key { entity: terms::Entity::Setting, hash: 0 };
            let of = |thread: u64, words: &str| -> Result<(), Failure> {
                let acted = acted::Acted::new(terms::Entity::Setting, key, self.now(), act, words)?;
                acted.about(thread).note(&by.user)?.map_or(Ok(()), |note| Ok(self.desk.keep_note(&note)?))
            };
            // what is about a lead is kept with it, and forgotten with whoever it is
            let about = if lead.is_empty() { huddle::thread() } else { explain::find(&*self.known()?, lead)?.hash };
            of(about, &words)?;
            self.holding.tick();
            Ok(())
        };
        keep().map_err(trouble)
    }

    fn new_upload(&self) -> Result<PathBuf, Trouble> {
        self.uploads.folder(&self.root).map_err(trouble)
    }

    fn import(&self, folder: PathBuf) -> Result<(), Trouble> {
        self.own_home().and_then(|home| uploads::begin(self, home, folder, None)).map_err(trouble)
    }

    fn import_with(&self, mapping: &str) -> Result<(), Trouble> {
        let begin = || -> Result<(), Failure> {
            let (folder, file) = self.uploads.with_mapping(mapping)?;
            uploads::begin(self, self.own_home()?, folder, Some(file))
        };
        begin().map_err(trouble)
    }

    fn imports(&self) -> ImportState {
        self.uploads.state()
    }

    fn settings(&self) -> Result<Vec<SettingLine>, Trouble> {
        let all = self.desk.settings().map_err(|e| trouble(e.into()))?;
        let line = |(name, expects): &(&str, &str)| SettingLine {
            name: (*name).to_owned(),
            value: all.get(*name).cloned().unwrap_or_default(),
            expects: (*expects).to_owned(),
        };
        Ok(home::SETTINGS.iter().map(line).collect())
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Trouble> {
        let set = || -> Result<(), Failure> { crate::commands::set::set(&self.desk, name, value) };
        set().map_err(trouble)?;
        // facts in another currency are others: they are made when the next page asks
        self.holding.held().known = None;
        self.holding.tick();
        Ok(())
    }

    fn ledger(&self, after: &str) -> Result<LedgerPage, Trouble> {
        self.home().and_then(|home| papers::ledger(&home, after)).map_err(trouble)
    }

    fn verify(&self, receipt: Option<&str>) -> Result<web::Sound, Trouble> {
        let folder = self.root.join("ledger");
        let found = || -> Result<web::Sound, Failure> {
            let sound = verify::sound(&folder)?;
            let receipt = receipt.map(|text| verify::against("the receipt", text, &folder)).transpose()?;
            let (batches, files, bytes) = (sound.batches, sound.files, sound.bytes);
            Ok(web::Sound { batches, files, bytes, head: sound.head, receipt })
        };
        found().map_err(trouble)
    }

    fn rejects(&self, after: &str) -> Result<Paged, Trouble> {
        self.home().and_then(|home| papers::rejects(&home, after)).map_err(trouble)
    }

    fn reject_file(&self, place: &str, after: &str) -> Result<web::RejectFile, Trouble> {
        self.home().and_then(|home| mend::file(&home, place, after)).map_err(trouble)
    }

    fn mend(&self, place: &str, rows: &[web::Mended]) -> Result<usize, Trouble> {
        let begin = || -> Result<usize, Failure> {
            let folder = self.uploads.folder(&self.root)?;
            let count = mend::write(&*self.home()?, place, rows, &folder).inspect_err(|_| {
                let _ = std::fs::remove_dir_all(&folder);
            })?;
            uploads::begin(self, self.own_home()?, folder, None)?;
            Ok(count)
        };
        begin().map_err(trouble)
    }

    fn ready(&self) -> Result<(), Trouble> {
        self.known().map(|_| ()).map_err(trouble)
    }
}
