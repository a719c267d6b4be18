//! What a mail about a paused webhook says, in each language.

use roster_domain::users::language::{ByLanguage, Language};

/// The sentences. `{organization}`, `{target}` and `{hook}` stand for the name, the address
/// and the id.
pub(super) struct Texts {
    /// The subject.
    pub(super) subject: &'static str,
    /// The greeting.
    pub(super) greeting: &'static str,
    /// The receiver answered 410.
    pub(super) gone: &'static str,
    /// Nothing arrived for three days.
    pub(super) failing: &'static str,
    /// What follows from it.
    pub(super) effect: &'static str,
    /// Where what happened meanwhile is found.
    pub(super) catch_up: &'static str,
}

static ALL: ByLanguage<&Texts> = ByLanguage::new([
    &DANISH,
    &GERMAN,
    &ENGLISH,
    &SPANISH,
    &FRENCH,
    &ITALIAN,
    &DUTCH,
    &PORTUGUESE,
    &SWEDISH,
]);

impl Texts {
    /// The sentences in a language.
    pub(super) fn of(language: Language) -> &'static Self {
        ALL.of(language)
    }
}

const DANISH: Texts = Texts {
    subject: "{organization}: en webhook er sat på pause",
    greeting: "Hej",
    gone: "Modtageren på {target} har svaret 410: den vil ikke have flere beskeder.",
    failing: "I tre dage er ingen besked nået frem til {target}.",
    effect: "Webhook {hook} er sat på pause. Der sendes intet, før I genoptager den: PUT /v2/hooks/{hook} med \"paused\": false.",
    catch_up: "Det, der sker imens, står i ændringslisten (GET /v2/changes).",
};

const GERMAN: Texts = Texts {
    subject: "{organization}: Ein Webhook ist pausiert",
    greeting: "Guten Tag,",
    gone: "Der Empfänger unter {target} hat mit 410 geantwortet: Er möchte keine Nachrichten mehr.",
    failing: "Seit drei Tagen ist unter {target} keine Nachricht angekommen.",
    effect: "Der Webhook {hook} ist pausiert. Es wird nichts gesendet, bis Sie ihn fortsetzen: PUT /v2/hooks/{hook} mit \"paused\": false.",
    catch_up: "Was inzwischen geschieht, steht in der Liste der Änderungen (GET /v2/changes).",
};

const ENGLISH: Texts = Texts {
    subject: "{organization}: a webhook is paused",
    greeting: "Hello,",
    gone: "The receiver at {target} answered 410: it wants no more messages.",
    failing: "For three days, no message has reached {target}.",
    effect: "The webhook {hook} is paused. Nothing is sent until you resume it: PUT /v2/hooks/{hook} with \"paused\": false.",
    catch_up: "What happens meanwhile is in the list of changes (GET /v2/changes).",
};

const SPANISH: Texts = Texts {
    subject: "{organization}: un webhook está en pausa",
    greeting: "Hola:",
    gone: "El receptor en {target} ha respondido 410: no quiere más mensajes.",
    failing: "Desde hace tres días no ha llegado ningún mensaje a {target}.",
    effect: "El webhook {hook} está en pausa. No se envía nada hasta que lo reanude: PUT /v2/hooks/{hook} con \"paused\": false.",
    catch_up: "Lo que ocurre entretanto está en la lista de cambios (GET /v2/changes).",
};

const FRENCH: Texts = Texts {
    subject: "{organization}\u{a0}: un webhook est en pause",
    greeting: "Bonjour,",
    gone: "Le destinataire {target} a répondu 410\u{a0}: il ne veut plus de messages.",
    failing: "Depuis trois jours, aucun message n’est arrivé à {target}.",
    effect: "Le webhook {hook} est en pause. Rien n’est envoyé tant que vous ne le reprenez pas\u{a0}: PUT /v2/hooks/{hook} avec \"paused\": false.",
    catch_up: "Ce qui se passe entre-temps figure dans la liste des changements (GET /v2/changes).",
};

const ITALIAN: Texts = Texts {
    subject: "{organization}: un webhook è in pausa",
    greeting: "Buongiorno,",
    gone: "Il destinatario {target} ha risposto 410: non vuole altri messaggi.",
    failing: "Da tre giorni nessun messaggio è arrivato a {target}.",
    effect: "Il webhook {hook} è in pausa. Non viene inviato nulla finché non lo riprende: PUT /v2/hooks/{hook} con \"paused\": false.",
    catch_up: "Quello che succede nel frattempo è nell’elenco delle modifiche (GET /v2/changes).",
};

const DUTCH: Texts = Texts {
    subject: "{organization}: een webhook staat op pauze",
    greeting: "Hallo,",
    gone: "De ontvanger op {target} heeft met 410 geantwoord: hij wil geen berichten meer.",
    failing: "Er is al drie dagen geen bericht aangekomen op {target}.",
    effect: "Webhook {hook} staat op pauze. Er wordt niets verzonden totdat u hem hervat: PUT /v2/hooks/{hook} met \"paused\": false.",
    catch_up: "Wat er intussen gebeurt, staat in de lijst van wijzigingen (GET /v2/changes).",
};

const PORTUGUESE: Texts = Texts {
    subject: "{organization}: um webhook está em pausa",
    greeting: "Olá,",
    gone: "O destinatário em {target} respondeu 410: não quer mais mensagens.",
    failing: "Há três dias que nenhuma mensagem chega a {target}.",
    effect: "O webhook {hook} está em pausa. Nada é enviado até que o retome: PUT /v2/hooks/{hook} com \"paused\": false.",
    catch_up: "O que acontece entretanto está na lista de alterações (GET /v2/changes).",
};

const SWEDISH: Texts = Texts {
    subject: "{organization}: en webhook är pausad",
    greeting: "Hej,",
    gone: "Mottagaren på {target} svarade 410: den vill inte ha fler meddelanden.",
    failing: "På tre dagar har inget meddelande nått {target}.",
    effect: "Webhook {hook} är pausad. Inget skickas förrän ni återupptar den: PUT /v2/hooks/{hook} med \"paused\": false.",
    catch_up: "Det som händer under tiden finns i listan över ändringar (GET /v2/changes).",
};
