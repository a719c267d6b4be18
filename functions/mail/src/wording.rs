//! What an invitation says, in each language.

use roster_domain::users::language::{ByLanguage, Language};

/// The sentences of an invitation. `{organization}` and `{name}` stand for the
/// two.
#[derive(Debug, Clone, Copy)]
pub struct Wording {
    /// The subject.
    pub subject: &'static str,
    /// The greeting of somebody whose name is known.
    pub greeting_by_name: &'static str,
    /// The greeting of somebody whose name is not.
    pub greeting: &'static str,
    /// Who invites, and to what.
    pub invitation: &'static str,
    /// What to do; the link follows.
    pub action: &'static str,
    /// How long the link works: `SIGNUP_LINK_SECONDS`, in days.
    pub validity: &'static str,
    /// What to do otherwise.
    pub ignore: &'static str,
}

static ALL: ByLanguage<&Wording> = ByLanguage::new([
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

impl Wording {
    /// The sentences in a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        ALL.of(language)
    }
}

const DANISH: Wording = Wording {
    subject: "{organization} inviterer dig",
    greeting_by_name: "Hej {name}",
    greeting: "Hej",
    invitation: "{organization} inviterer dig til at oprette din konto.",
    action: "Angiv dit navn og vælg en adgangskode her:",
    validity: "Linket virker én gang og er gyldigt i 7 dage.",
    ignore: "Hvis du ikke ventede denne invitation, kan du se bort fra denne besked.",
};

const GERMAN: Wording = Wording {
    subject: "{organization} lädt Sie ein",
    greeting_by_name: "Guten Tag {name},",
    greeting: "Guten Tag,",
    invitation: "{organization} lädt Sie ein, Ihr Konto einzurichten.",
    action: "Bitte legen Sie hier Ihren Namen und Ihr Passwort fest:",
    validity: "Der Link funktioniert einmal und ist 7 Tage lang gültig.",
    ignore: "Falls Sie diese Einladung nicht erwartet haben, können Sie diese Nachricht ignorieren.",
};

const ENGLISH: Wording = Wording {
    subject: "{organization} invites you",
    greeting_by_name: "Hello {name},",
    greeting: "Hello,",
    invitation: "{organization} invites you to set up your account.",
    action: "Please set your name and password here:",
    validity: "The link works once, for 7 days.",
    ignore: "If you did not expect this invitation, you can ignore this message.",
};

const SPANISH: Wording = Wording {
    subject: "{organization} le invita",
    greeting_by_name: "Hola, {name}:",
    greeting: "Hola:",
    invitation: "{organization} le invita a crear su cuenta.",
    action: "Indique su nombre y elija su contraseña aquí:",
    validity: "El enlace solo se puede utilizar una vez y es válido durante 7 días.",
    ignore: "Si no esperaba esta invitación, puede ignorar este mensaje.",
};

const FRENCH: Wording = Wording {
    subject: "{organization} vous invite",
    greeting_by_name: "Bonjour {name},",
    greeting: "Bonjour,",
    invitation: "{organization} vous invite à créer votre compte.",
    action: "Veuillez indiquer votre nom et choisir votre mot de passe ici\u{a0}:",
    validity: "Ce lien ne peut être utilisé qu’une seule fois et reste valable 7 jours.",
    ignore: "Si vous n’attendiez pas cette invitation, vous pouvez ignorer ce message.",
};

const ITALIAN: Wording = Wording {
    subject: "{organization} La invita",
    greeting_by_name: "Buongiorno {name},",
    greeting: "Buongiorno,",
    invitation: "{organization} La invita a creare il Suo account.",
    action: "Può impostare il Suo nome e la Sua password qui:",
    validity: "Il link può essere utilizzato una sola volta ed è valido per 7 giorni.",
    ignore: "Se non si aspettava questo invito, può ignorare questo messaggio.",
};

const DUTCH: Wording = Wording {
    subject: "{organization} nodigt u uit",
    greeting_by_name: "Beste {name},",
    greeting: "Goedendag,",
    invitation: "{organization} nodigt u uit om uw account aan te maken.",
    action: "Stel hier uw naam en wachtwoord in:",
    validity: "De link werkt één keer en is 7 dagen geldig.",
    ignore: "Als u deze uitnodiging niet verwachtte, kunt u dit bericht negeren.",
};

// As in Brazil, like the sign-up page.
const PORTUGUESE: Wording = Wording {
    subject: "Convite de {organization}",
    greeting_by_name: "Olá, {name}!",
    greeting: "Olá!",
    invitation: "{organization} convidou você para criar sua conta.",
    action: "Informe aqui seu nome e escolha uma senha:",
    validity: "O link funciona uma única vez e vale por 7 dias.",
    ignore: "Se você não esperava este convite, pode ignorar esta mensagem.",
};

const SWEDISH: Wording = Wording {
    subject: "{organization} bjuder in dig",
    greeting_by_name: "Hej {name}!",
    greeting: "Hej!",
    invitation: "{organization} bjuder in dig att skapa ditt konto.",
    action: "Ange ditt namn och välj ett lösenord här:",
    validity: "Länken fungerar en gång och är giltig i 7 dagar.",
    ignore: "Om du inte väntade dig den här inbjudan kan du bortse från det här meddelandet.",
};
