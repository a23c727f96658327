//! The labels that CRMs, ad platforms and people give to what we have a term for: English, German, French, Spanish,
//! Portuguese, Dutch.
//!
//! Labels are written as `fold::words` gives them. Deliberately not here: how a label is compared.
//! Invariant: every term is a field of its entity's catalogue, or `id`, `deleted`, `valid_at`, a touch's `agent` or a `person.` part.

use terms::Entity;

/// A term and its labels, parted by `|`.
pub(super) type Term = (&'static str, &'static str);

const ID: &str = "id|record id|unique id|uuid|guid|key|nr|no|number|nummer|lfd nr|kennung|identifiant|identificador|identificacao|numero|code|external id|sys id|row id";
const CREATED: &str = "created|created at|created date|create date|creation date|date created|created on|created time|record created|date added|added on|entry date|insert date|inserted at|received|received at|received on|registered|registered at|registration date|sign up date|signup date|first contact date|submitted|submitted at|submission date|inquiry date|opened|opened at|open date|engage date|engaged|engaged at|start date|erstellt|erstellt am|erstelldatum|erstellungsdatum|anlagedatum|angelegt|angelegt am|eingang|eingangsdatum|eingegangen am|datum|date de creation|cree le|creee le|date creation|fecha de creacion|fecha creacion|creado|creado el|fecha de alta|data de criacao|criado em|data criacao|aanmaakdatum|aangemaakt|aangemaakt op|gemaakt op|datum aangemaakt";
const CHANGED: &str = "last modified|last modified date|modified|modified at|modified date|modified on|updated|updated at|updated on|last update|last updated|system modstamp|geandert|geandert am|letzte anderung|zuletzt geandert|zuletzt geandert am|aktualisiert am|modifie le|date de modification|derniere modification|modificado|fecha de modificacion|ultima modificacion|data de modificacao|modificado em|gewijzigd|gewijzigd op|laatst gewijzigd";
const OWNER: &str = "owner|owner id|owner name|record owner|assigned to|assigned rep|assignee|assigned user|sales rep|sales representative|sales owner|rep|rep name|salesperson|sales person|sales agent|agent|account manager|account executive|ae|closer|besitzer|inhaber|zustandig|zustandiger|verantwortlich|verantwortlicher|betreuer|bearbeiter|vertriebler|vertriebsmitarbeiter|verkaufer|kundenbetreuer|proprietaire|responsable|commercial|attribue a|propietario|vendedor|comercial|asignado a|ejecutivo|proprietario|responsavel|atribuido a|eigenaar|verantwoordelijke|toegewezen aan|verkoper|accountmanager";
const COMPANY: &str = "company|company name|account|account name|organisation|organization|organisation name|organization name|employer|business|business name|customer|customer name|client|client name|firma|firmenname|unternehmen|kunde|kundenname|entreprise|societe|nom de l entreprise|raison sociale|client nom|empresa|nombre de la empresa|compania|cliente|nome da empresa|bedrijf|bedrijfsnaam|klant|klantnaam|organisatie";
const ACCOUNT_ID: &str = "account id|company id|organisation id|organization id|customer id|client id|associated company id|firmen id|kunden id|kundennummer|kundennr|id entreprise|id client|id empresa|id cliente|klantnummer|bedrijf id";
const SOURCE: &str = "source|lead source|original source|utm source|lead origin|origin|channel|marketing channel|acquisition channel|acquisition source|traffic source|how did you hear about us|referrer|quelle|lead quelle|leadquelle|herkunft|kanal|origine|source du lead|provenance|canal|fuente|origen|origen del lead|fuente del lead|fonte|origem|origem do lead|bron|leadbron|herkomst|kanaal";
const SOURCE_DETAIL: &str = "source detail|lead source detail|source details|sub source|subsource|landing page|form|form name|utm content|utm term|drill down 1|original source drill down 1|quelle detail|formular|page de destination|formulaire|detalle de la fuente|formulario|pagina de destino|detalhe da origem|bron detail|formulier";
const CAMPAIGN: &str = "campaign|campaign id|campaign name|utm campaign|primary campaign|primary campaign source|campaign source|kampagne|kampagnen id|kampagnenname|campagne|nom de la campagne|id campagne|campana|nombre de la campana|campanha|nome da campanha|campagnenaam";
const STAGE: &str = "stage|stage name|status|state|lifecycle stage|pipeline stage|sales stage|deal stage|opportunity stage|lead status|lead stage|phase|step|qualification status|stufe|verkaufsphase|vertriebsphase|leadstatus|vorgangsstatus|etape|statut|phase de vente|statut du lead|etapa|estado|fase|estado del lead|etapa de venta|situacao|status do lead|estagio|fase do funil|stadium|verkoopfase";
const MAIL: &str = "email|e mail|mail|email address|e mail address|mail address|work email|business email|contact email|primary email|e mail adresse|mailadresse|emailadresse|courriel|adresse email|adresse e mail|adresse mail|correo|correo electronico|e mail de contacto|endereco de email|endereco de e mail|e mailadres|emailadres";
const PHONE: &str = "phone|phone number|telephone|tel|mobile|mobile phone|mobile number|cell|cell phone|work phone|telefon|telefonnummer|handy|mobil|mobilnummer|rufnummer|telephone portable|portable|numero de telephone|telefono|movil|celular|numero de telefono|telefone|telemovel|telefoonnummer|telefoon|mobiel";
const FIRST: &str =
    "first name|given name|forename|vorname|prenom|nombre|primer nombre|primeiro nome|voornaam|firstname";
const LAST: &str = "last name|surname|family name|nachname|familienname|nom|nom de famille|apellido|apellidos|sobrenome|apelido|ultimo nome|achternaam|lastname";
const FULL: &str = "name|full name|contact|contact name|lead name|person|prospect name|ansprechpartner|kontakt|kontaktname|vollstandiger name|nom complet|nom du contact|contacto|nombre completo|nombre del contacto|contato|nome completo|nome do contato|nome|naam|volledige naam|contactpersoon";
const TITLE: &str = "title|job title|jobtitle|position|role|function|job|job role|berufsbezeichnung|funktion|titel|poste|fonction|titre|intitule du poste|cargo|puesto|titulo|funcao|functie|functietitel";
const INDUSTRY: &str = "industry|sector|vertical|industry sector|branche|industrie|wirtschaftszweig|secteur|secteur d activite|industria|ramo|setor|bedrijfstak";
const COUNTRY: &str = "country|country region|billing country|country code|land|pays|pais|nation|lander";
const EMPLOYEES: &str = "employees|number of employees|no of employees|employee count|company size|headcount|mitarbeiter|anzahl mitarbeiter|mitarbeiterzahl|unternehmensgrosse|nombre d employes|effectif|effectifs|empleados|numero de empleados|funcionarios|numero de funcionarios|medewerkers|aantal medewerkers";
const SEGMENT: &str = "segment|market segment|customer segment|tier|account tier|kundensegment|marktsegment|segmento|segmento de mercado|marktsegment klant";
const REVENUE: &str = "annual revenue|revenue|yearly revenue|turnover|jahresumsatz|umsatz|chiffre d affaires|ca annuel|ingresos anuales|facturacion|receita anual|faturamento|jaaromzet|omzet";
const SCORE: &str = "score|lead score|hubspot score|leadscore|rating score|punkte|bewertung|punktzahl|score du lead|puntuacion|pontuacao|leadscore punten";
const PRODUCT: &str = "product|product name|product interest|interest|item|sku|solution|produkt|produktinteresse|artikel|produit|produit d interet|producto|interes|produto|interesse|product naam";
const LANE: &str = "lane|routing lane|lead lane|random lane|routing group|random routing|randomised|randomized|randomised routing|randomized routing|holdout|zufallsgruppe|zuteilungsgruppe|groupe aleatoire|grupo aleatorio";
const REASON: &str = "reason|rejection reason|reject reason|disqualification reason|disqualified reason|lost reason|loss reason|closed lost reason|reason lost|unqualified reason|why lost|grund|ablehnungsgrund|verlustgrund|absagegrund|motif|raison|motif de perte|raison de la perte|motivo|motivo de perdida|razon|motivo da perda|reden|reden verlies|afwijsreden";
const AMOUNT: &str = "amount|value|deal value|deal amount|opportunity amount|opportunity value|acv|tcv|arr|mrr|price|total|total value|contract value|deal size|net amount|close value|betrag|wert|auftragswert|auftragsvolumen|volumen|dealwert|summe|montant|valeur|importe|monto|valor|valor do negocio|bedrag|waarde|dealwaarde|total amount";
/// Of an opportunity what is sold; of a company what it makes in a year, which is another thing.
const SOLD: &str = "revenue|won revenue|sales|turnover|umsatz|auftragsumsatz|chiffre d affaires|ca|ingresos|ventas|receita|faturamento|omzet";
const LIST: &str = "list price|list amount|catalogue price|catalog price|gross amount|standard price|listenpreis|bruttopreis|katalogpreis|prix catalogue|prix public|precio de lista|precio de catalogo|preco de tabela|preco de lista|lijstprijs|catalogusprijs|sales price|unit price";
const DISCOUNT: &str = "discount|discount percent|discount rate|rebate|rabatt|nachlass|rabatt percent|remise|reduction|remise percent|descuento|desconto|korting|korting percent";
const CLOSE: &str = "close date|closed|closed at|closed date|closing date|expected close|expected close date|expected closing|won date|lost date|abschlussdatum|abschluss|abschluss am|geschlossen am|schlussdatum|voraussichtlicher abschluss|date de cloture|cloture|date cloture|fecha de cierre|cierre|data de fechamento|fechamento|sluitingsdatum|afsluitdatum|gesloten op|sluitdatum";
const PROBABILITY: &str = "probability|probability percent|win probability|chance|likelihood|wahrscheinlichkeit|probabilite|probabilidad|probabilidade|waarschijnlijkheid|kans";
const KIND: &str = "type|kind|record type|deal type|opportunity type|category|art|typ|tipo|categorie|soort";
const CLOSED_FLAG: &str = "is closed|closed flag|geschlossen|ferme|cerrado|fechado|gesloten";
const WON_FLAG: &str = "is won|won|won flag|gewonnen|gagne|ganado|ganho";
const CONVERTED_FLAG: &str =
    "is converted|converted|conversion|konvertiert|umgewandelt|converti|convertido|geconverteerd";
const CONVERTED_AT: &str = "converted date|converted at|converted on|conversion date|konvertiert am|date de conversion|fecha de conversion|data de conversao|geconverteerd op";
const DELETED: &str = "is deleted|deleted|geloscht|supprime|eliminado|excluido|verwijderd";
const LEAD_ID: &str = "lead id|lead|prospect id|inquiry id|lead nummer|id lead|id prospect";
const PERSON_ID: &str =
    "contact id|person id|who id|primary contact|primary contact id|kontakt id|id contact|id contacto|id contato";
const OPPORTUNITY_ID: &str = "opportunity id|deal id|opportunity|deal|what id|opportunity number|verkaufschance|id opportunite|id oportunidad|id negocio";
const TEAM: &str = "team|sales team|office|region|sales region|regional office|territory|owner role|vertriebsteam|gebiet|niederlassung|equipe|territoire|agence|equipo|oficina|equipo de ventas|time|escritorio|regio|kantoor";
const DAY: &str = "day|date|report date|date day|reporting starts|start date in utc|tag|datum|jour|dia|fecha|data|dag";
const COST: &str = "cost|spend|spent|amount spent|total spent|total cost|ad spend|cost usd|cost micros|kosten|ausgaben|ausgegebener betrag|cout|depenses|montant depense|coste|costo|gasto|importe gastado|custo|valor gasto|uitgaven|besteed bedrag";
const IMPRESSIONS: &str =
    "impressions|impr|views|impressionen|einblendungen|impresiones|impressoes|vertoningen|weergaven";
const CLICKS: &str = "clicks|link clicks|interactions|klicks|clics|cliques|klikken|inline link clicks";
const CONVERSIONS: &str =
    "conversions|conv|leads|results|conversiones|conversoes|conversies|total conversion|ergebnisse|resultats";
const NAME_OF: &str = "name|bezeichnung|nom|nombre|nome|naam";

const LEAD: &[Term] = &[
    ("id", LEAD_ID),
    ("id", ID),
    ("deleted", DELETED),
    ("valid_at", CHANGED),
    ("person.mail", MAIL),
    ("person.phone", PHONE),
    ("person.first", FIRST),
    ("person.last", LAST),
    ("person.name", FULL),
    ("company", COMPANY),
    ("title", TITLE),
    ("source", SOURCE),
    ("source_detail", SOURCE_DETAIL),
    ("campaign", CAMPAIGN),
    ("stage", STAGE),
    ("owner", OWNER),
    ("is_converted", CONVERTED_FLAG),
    ("converted_at", CONVERTED_AT),
    ("converted_account", "converted account id|converted account"),
    ("converted_person", "converted contact id|converted contact"),
    ("converted_opportunity", "converted opportunity id|converted opportunity|opportunity id|deal id"),
    ("created_at", CREATED),
    ("industry", INDUSTRY),
    ("country", COUNTRY),
    ("employees", EMPLOYEES),
    ("segment", SEGMENT),
    ("score", SCORE),
    ("product", PRODUCT),
    ("lane", LANE),
    ("reason", REASON),
    (
        "handoff_at",
        "handoff|handoff date|hand off date|handed over|handed over at|passed to sales|passed to sales at|assigned date|assigned at|routed at|mql date|mql at|sales handoff date|ubergabe|ubergabedatum|ubergeben am|an vertrieb ubergeben am|transmis le|fecha de asignacion|data de atribuicao|overgedragen op",
    ),
    (
        "first_response_at",
        "first response|first response date|first response at|first contacted|first contacted at|first activity date|first touch at|first call|first call at|erstkontakt|erste reaktion|premier contact|premiere reponse|primer contacto|primeira resposta|primeiro contato|eerste contact|eerste reactie",
    ),
    ("won_at", "won date|won at|gewonnen am|gagne le|fecha ganada|ganho em|gewonnen op"),
    ("amount", AMOUNT),
    ("account", ACCOUNT_ID),
    ("sdr", "sdr|sdr id|bdr|bdr id|sdr name|development rep"),
];

const PERSON: &[Term] = &[
    ("id", PERSON_ID),
    ("id", ID),
    ("deleted", DELETED),
    ("valid_at", CHANGED),
    ("person.mail", MAIL),
    ("person.phone", PHONE),
    ("person.first", FIRST),
    ("person.last", LAST),
    ("person.name", FULL),
    ("account", ACCOUNT_ID),
    ("company", COMPANY),
    ("title", TITLE),
    ("source", SOURCE),
    ("owner", OWNER),
    ("created_at", CREATED),
    ("stage", STAGE),
];

const ACCOUNT: &[Term] = &[
    ("id", ACCOUNT_ID),
    ("id", ID),
    ("deleted", DELETED),
    ("valid_at", CHANGED),
    ("name", COMPANY),
    ("name", NAME_OF),
    (
        "domain",
        "domain|website|web site|company domain|company domain name|url|homepage|web|webseite|internetseite|site web|site internet|sitio web|pagina web|site",
    ),
    ("industry", INDUSTRY),
    ("country", COUNTRY),
    ("employees", EMPLOYEES),
    ("annual_revenue", REVENUE),
    ("owner", OWNER),
    (
        "parent",
        "parent|parent id|parent account|parent account id|parent company|subsidiary of|muttergesellschaft|konzern|societe mere|empresa matriz|moederbedrijf",
    ),
    ("created_at", CREATED),
    ("segment", SEGMENT),
];

const OPPORTUNITY: &[Term] = &[
    ("id", OPPORTUNITY_ID),
    ("id", ID),
    ("deleted", DELETED),
    ("valid_at", CHANGED),
    ("account", ACCOUNT_ID),
    ("company", COMPANY),
    ("person", PERSON_ID),
    ("lead", LEAD_ID),
    ("stage", STAGE),
    ("is_closed", CLOSED_FLAG),
    ("is_won", WON_FLAG),
    ("amount", AMOUNT),
    ("amount", SOLD),
    ("list_price", LIST),
    ("discount", DISCOUNT),
    ("created_at", CREATED),
    ("closed_at", CLOSE),
    ("owner", OWNER),
    ("source", SOURCE),
    ("campaign", CAMPAIGN),
    ("kind", KIND),
    ("product", PRODUCT),
    ("segment", SEGMENT),
    ("probability", PROBABILITY),
    ("reason", REASON),
    ("team", TEAM),
];

const STAGE_CHANGE: &[Term] = &[
    ("id", "history id|change id"),
    ("id", ID),
    ("subject", "lead id|opportunity id|deal id|record id|parent id|case id|lead|deal|opportunity"),
    (
        "valid_at",
        "changed at|changed on|change date|changed date|edit date|entered at|date entered|timestamp|time|created date|created at|created|date|geandert am|datum|date de modification|fecha de cambio|data da alteracao|gewijzigd op",
    ),
    (
        "stage",
        "new value|to stage|new stage|stage|stage name|to status|new status|status|value|to|neuer wert|neue phase|nach|nouvelle valeur|nouvelle etape|nuevo valor|nueva etapa|novo valor|nova etapa|nieuwe waarde|nieuwe fase",
    ),
    (
        "from_stage",
        "old value|from stage|old stage|previous stage|from status|old status|from|alter wert|alte phase|von|ancienne valeur|ancienne etape|valor anterior|etapa anterior|oude waarde|vorige fase",
    ),
    (
        "by",
        "changed by|changed by id|edited by|created by|created by id|user|user id|geandert von|modifie par|modificado por|alterado por|gewijzigd door",
    ),
    ("amount", AMOUNT),
    ("closed_at", CLOSE),
    ("probability", PROBABILITY),
];

const ACTIVITY: &[Term] = &[
    ("id", "activity id|task id|event id|engagement id|call id|aktivitat id"),
    ("id", ID),
    ("deleted", DELETED),
    ("subject", "lead id|who id|contact id|related to|related lead|lead|prospect id|person id|record id|related to id"),
    (
        "valid_at",
        "activity date|date|completed|completed at|completed date|completed on|done at|occurred at|time|timestamp|call date|call time|start|start time|start date time|activity date time|erledigt am|datum|durchgefuhrt am|date|date d activite|realise le|fecha|fecha de actividad|data|realizado em|uitgevoerd op",
    ),
    (
        "kind",
        "type|activity type|kind|task type|task subtype|engagement type|aktivitatstyp|aktivitatsart|art|type d activite|tipo|tipo de actividad|tipo de atividade|soort|activiteitstype",
    ),
    ("direction", "direction|call type|call direction|in out|richtung|sens|direccion|direcao|richting"),
    (
        "outcome",
        "outcome|result|call result|call disposition|disposition|call outcome|ergebnis|anrufergebnis|resultat|resultado|uitkomst|resultaat",
    ),
    ("two_way", "two way|connected|reached|spoke|answered|erreicht|joint|contactado|atendeu|bereikt"),
    ("rep", OWNER),
    (
        "scheduled_at",
        "scheduled|scheduled at|scheduled for|due|due date|planned|planned for|geplant|geplant fur|fallig|fallig am|echeance|prevu le|programado|vencimiento|agendado para|vencimento|gepland|vervaldatum",
    ),
    (
        "logged_at",
        "logged|logged at|created|created at|created date|entered at|erfasst am|erstellt am|cree le|registrado|registrado em|aangemaakt op",
    ),
    (
        "duration_seconds",
        "duration|duration seconds|duration in seconds|call duration|call duration in seconds|talk time|dauer|dauer sekunden|gesprachsdauer|duree|duracion|duracao|duur",
    ),
    ("done", "done|is done|is closed|completed|status|task status|erledigt|fait|hecho|feito|gedaan|afgerond"),
    ("account", ACCOUNT_ID),
    ("opportunity", OPPORTUNITY_ID),
    ("step", "step|sequence step|cadence step|step name|sequence|cadence|schritt|etape|paso|etapa|stap"),
];

const TOUCH: &[Term] = &[
    ("id", "touch id|session id|event id|visit id|member id|response id"),
    ("id", ID),
    ("subject", "lead id|contact id|customer id|person id|visitor id|user id|recipient|prospect id|email|e mail"),
    (
        "valid_at",
        "date|time|timestamp|occurred at|event time|event date|session start|started at|visited at|responded at|activity date|created|created at|datum|zeitpunkt|date|fecha|data|tijdstip",
    ),
    (
        "kind",
        "type|event|event type|event name|activity|activity type|touch type|action|ereignis|ereignistyp|evenement|evento|gebeurtenis|interaction type",
    ),
    (
        "channel",
        "channel|utm source|source|marketing channel|traffic source|kanal|quelle|canal|fuente|fonte|kanaal|bron",
    ),
    ("campaign", CAMPAIGN),
    (
        "asset",
        "asset|content|page|page url|url|landing page|form|form name|document|inhalt|seite|contenu|page visitee|contenido|pagina|conteudo|inhoud|utm content",
    ),
    ("responded", "responded|has responded|response|reagiert|repondu|respondio|respondeu|gereageerd"),
    ("medium", "medium|utm medium|support|medio|meio"),
    (
        "automatic",
        "automatic|is bot|bot|is machine|machine|is automated|filtered event|bot filtered|roboter|automatisch|automatique|automatico",
    ),
    ("agent", "user agent|useragent|browser agent|client agent|http user agent"),
];

const CAMPAIGN_TERMS: &[Term] = &[
    ("id", "campaign id|kampagnen id|id campagne|id campana|id campanha"),
    ("id", ID),
    ("deleted", DELETED),
    ("valid_at", CHANGED),
    ("name", "campaign name|campaign|kampagne|kampagnenname|campagne|nom de la campagne|campana|campanha|campagnenaam"),
    ("name", NAME_OF),
    ("channel", "channel|type|campaign type|medium|kanal|typ|kampagnentyp|canal|tipo|kanaal|soort"),
    (
        "started_at",
        "start|start date|started|startdatum|beginn|date de debut|fecha de inicio|data de inicio|begindatum",
    ),
    ("ended_at", "end|end date|ended|enddatum|ende|date de fin|fecha de fin|data de termino|einddatum"),
    ("budget", "budget|budgeted cost|budgeted|planned cost|presupuesto|orcamento|begroting"),
    ("cost", COST),
    ("cost", "actual cost"),
    ("status", "status|state|statut|estado|situacao"),
    ("parent", "parent|parent id|parent campaign|program id|program"),
];

const SPEND: &[Term] = &[
    ("valid_at", DAY),
    ("platform", "platform|network|ad platform|source|utm source|plattform|plateforme|plataforma|netwerk"),
    ("campaign", "campaign id|kampagnen id|id campagne|id campana|id campanha"),
    ("campaign_name", CAMPAIGN),
    ("cost", COST),
    ("impressions", IMPRESSIONS),
    ("clicks", CLICKS),
    ("conversions", CONVERSIONS),
    ("channel", "channel|campaign type|medium|utm medium|kanal|kampagnentyp|canal|kanaal"),
    ("audience", "audience|ad set name|age|gender|geo|zielgruppe|anzeigengruppe|publico|doelgroep"),
];

const REP: &[Term] = &[
    ("id", "user id|rep id|owner id|employee id|benutzer id|mitarbeiter id|id utilisateur|id usuario|gebruiker id"),
    ("id", ID),
    ("valid_at", CHANGED),
    ("person.mail", MAIL),
    ("person.phone", PHONE),
    ("person.first", FIRST),
    ("person.last", LAST),
    (
        "person.name",
        "name|full name|user|user name|username|benutzer|mitarbeiter|utilisateur|nom complet|usuario|nombre completo|nome completo|gebruiker|naam",
    ),
    ("role", "role|user role|title|job title|position|profile|rolle|funktion|poste|rol|cargo|puesto|funcao|functie"),
    ("team", TEAM),
    ("team", "department|abteilung|departement|departamento|afdeling"),
    (
        "manager",
        "manager id|manager|reports to|supervisor|vorgesetzter|responsable hierarchique|gerente|leidinggevende",
    ),
    ("active", "active|is active|aktiv|actif|activo|ativo|actief"),
    ("time_zone", "time zone|timezone|time zone sid key|zeitzone|fuseau horaire|zona horaria|fuso horario|tijdzone"),
    ("created_at", CREATED),
];

const PRODUCT_TERMS: &[Term] = &[
    (
        "id",
        "product id|product code|sku|artikelnummer|produkt id|code produit|codigo de producto|codigo do produto|productcode",
    ),
    ("id", ID),
    ("name", PRODUCT),
    ("name", NAME_OF),
    (
        "series",
        "series|family|product family|category|produktfamilie|serie|gamme|famille|familia|categoria|productfamilie",
    ),
    ("list_price", LIST),
    ("list_price", "price|preis|prix|precio|preco|prijs"),
];

const PLAN: &[Term] = &[
    (
        "valid_at",
        "period|month|quarter|year|zeitraum|monat|quartal|jahr|periode|mois|trimestre|periodo|mes|maand|kwartaal",
    ),
    ("metric", "metric|kpi|measure|kennzahl|indicateur|metrica|indicador|metriek"),
    ("segment", SEGMENT),
    (
        "amount",
        "amount|target amount|target|plan|goal|quota|budget|betrag|ziel|plan betrag|objectif|montant|objetivo|meta|importe|valor|doel|bedrag",
    ),
    ("count", "count|number|target count|anzahl|ziel anzahl|nombre|numero|quantidade|aantal"),
];

const RATE: &[Term] = &[
    ("valid_at", DAY),
    ("from", "from|from currency|base|base currency|von|wahrung|de|desde|van"),
    ("to", "to|to currency|quote|quote currency|nach|zu|vers|a|para|naar"),
    (
        "rate",
        "rate|exchange rate|conversion rate|kurs|wechselkurs|taux|taux de change|tasa|tipo de cambio|taxa|cotacao|koers|wisselkoers",
    ),
];

/// The terms of an entity, `id` first.
pub(super) fn terms(entity: Entity) -> &'static [Term] {
    match entity {
        Entity::Lead => LEAD,
        Entity::Person => PERSON,
        Entity::Account => ACCOUNT,
        Entity::Opportunity => OPPORTUNITY,
        Entity::StageChange => STAGE_CHANGE,
        Entity::Activity => ACTIVITY,
        Entity::Touch => TOUCH,
        Entity::Campaign => CAMPAIGN_TERMS,
        Entity::SpendDay => SPEND,
        Entity::Rep => REP,
        Entity::Product => PRODUCT_TERMS,
        Entity::Plan => PLAN,
        Entity::Rate => RATE,
        Entity::FieldChange
        | Entity::Link
        | Entity::Setting
        | Entity::Agreement
        | Entity::Dispute
        | Entity::Request => &[],
    }
}

/// The kinds of things a table may be proposed to hold.
pub(super) const CANDIDATES: [Entity; 13] = [
    Entity::Lead,
    Entity::Opportunity,
    Entity::Person,
    Entity::Account,
    Entity::Activity,
    Entity::Touch,
    Entity::SpendDay,
    Entity::Campaign,
    Entity::StageChange,
    Entity::Rep,
    Entity::Product,
    Entity::Plan,
    Entity::Rate,
];

/// Words of a header or a file name that speak for an entity, in the order of [`CANDIDATES`].
pub(super) fn words_for(entity: Entity) -> &'static str {
    match entity {
        Entity::Lead => {
            "lead|leads|prospect|prospects|inquiry|inquiries|mql|mqls|interessenten|anfragen|prospecto|prospectos|leadstatus|leadquelle"
        }
        Entity::Person => {
            "contact|contacts|person|people|persons|kontakt|kontakte|ansprechpartner|contactos|contatos|contactpersonen|personas"
        }
        Entity::Account => {
            "account|accounts|company|companies|organization|organizations|organisations|customers|firmen|unternehmen|kunden|entreprises|societes|empresas|cuentas|contas|bedrijven|klanten|clientes"
        }
        Entity::Opportunity => {
            "opportunity|opportunities|deal|deals|pipeline|sales pipeline|verkaufschancen|verkaufschance|opportunite|opportunites|affaires|oportunidad|oportunidades|negocios|negocio|verkoopkansen|kansen"
        }
        Entity::Activity => {
            "activity|activities|task|tasks|call|calls|meetings|engagements|aktivitaten|anrufe|aufgaben|activites|appels|taches|actividades|llamadas|tareas|atividades|ligacoes|tarefas|activiteiten|gesprekken|taken"
        }
        Entity::Touch => {
            "touch|touches|touchpoint|touchpoints|session|sessions|visit|visits|responses|form submissions|email events|campaign members|besuche|visites|visitas|sessies|bezoeken"
        }
        Entity::SpendDay => {
            "spend|ad spend|ads|ad|cost|costs|impressions|impr|clicks|werbeausgaben|kosten|impressionen|klicks|depenses|gasto|gastos|impresiones|custo|cliques|vertoningen|advertentiekosten"
        }
        Entity::Campaign => "campaigns|campaign list|kampagnen|campagnes|campanas|campanhas",
        Entity::StageChange => {
            "history|stage history|stage changes|old value|new value|from stage|to stage|old stage|new stage|verlauf|historie|historique|historial|historico|geschiedenis"
        }
        Entity::Rep => {
            "user|users|reps|sales reps|team members|employees list|benutzer|mitarbeiterliste|utilisateurs|usuarios|gebruikers"
        }
        Entity::Product => {
            "product list|products|price list|produkte|preisliste|produits|productos|produtos|producten|prijslijst"
        }
        Entity::Plan => {
            "plan|plans|targets|quota|quotas|goals|budget plan|ziele|planung|objectifs|objetivos|metas|doelen"
        }
        Entity::Rate => {
            "rates|exchange rates|fx|kurse|wechselkurse|taux de change|tipos de cambio|cotacoes|wisselkoersen"
        }
        Entity::FieldChange
        | Entity::Link
        | Entity::Setting
        | Entity::Agreement
        | Entity::Dispute
        | Entity::Request => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suggest::fold;

    #[test]
    fn every_term_is_one_of_the_catalogue() {
        for entity in CANDIDATES {
            for (term, _) in terms(entity) {
                let known = matches!(*term, "id" | "deleted" | "valid_at" | "subject" | "campaign_name")
                    || ["person.mail", "person.phone", "person.first", "person.last", "person.name"].contains(term)
                    || (entity, *term) == (Entity::Touch, "agent")
                    || entries::catalogue::field(entity, term).is_some();
                assert!(known, "{} {term}", entity.word());
            }
        }
    }

    #[test]
    fn labels_are_written_as_they_are_compared() {
        for entity in CANDIDATES {
            let all =
                terms(entity).iter().flat_map(|(_, labels)| labels.split('|')).chain(words_for(entity).split('|'));
            for label in all {
                assert_eq!(fold::words(label), label, "{}", entity.word());
            }
        }
    }
}
