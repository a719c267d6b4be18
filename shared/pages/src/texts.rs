//! What every page says, one constant a language.

use roster_domain::users::language::{ByLanguage, Language};

/// The texts that all pages have in common, in one language.
#[derive(Debug)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct CommonTexts {
    /// Before the title of a page with problems, so that it is heard first.
    pub error: &'static str,
    /// Heads the list of everything that is wrong.
    pub summary_title: &'static str,
    /// Heads the page of a link that is not good (any more).
    pub dead_link_title: &'static str,
    /// Heads the page that says that something went wrong.
    pub unavailable_title: &'static str,
    /// Says so.
    pub unavailable_text: &'static str,
    /// Says that what was just done has made a booking.
    pub booked: &'static str,
}

/// The texts in a language.
#[must_use]
pub fn common_texts(language: Language) -> &'static CommonTexts {
    ALL.of(language)
}

static ALL: ByLanguage<&CommonTexts> =
    ByLanguage::new([&DA, &DE, &EN, &ES, &FR, &IT, &NL, &PT, &SV]);

const DA: CommonTexts = CommonTexts {
    error: "Fejl: ",
    summary_title: "Kontrollér dine oplysninger",
    dead_link_title: "Linket virker ikke længere",
    unavailable_title: "Siden er ikke tilgængelig",
    unavailable_text: "Noget gik galt, eller der er for travlt lige nu. Prøv igen om et øjeblik.",
    booked: "Din booking er lavet",
};

const DE: CommonTexts = CommonTexts {
    error: "Fehler: ",
    summary_title: "Bitte prüfen Sie Ihre Angaben",
    dead_link_title: "Dieser Link funktioniert nicht mehr",
    unavailable_title: "Diese Seite ist nicht verfügbar",
    unavailable_text: "Es ist ein Fehler aufgetreten, oder der Dienst ist gerade überlastet. Bitte versuchen Sie es gleich noch einmal.",
    booked: "Ihr Termin ist gebucht",
};

const EN: CommonTexts = CommonTexts {
    error: "Error: ",
    summary_title: "Please check your entries",
    dead_link_title: "This link no longer works",
    unavailable_title: "This page is not available",
    unavailable_text: "Something went wrong, or we are too busy at the moment. Please try again in a moment.",
    booked: "Your booking is made",
};

const ES: CommonTexts = CommonTexts {
    error: "Error: ",
    summary_title: "Compruebe los datos introducidos",
    dead_link_title: "Este enlace ya no funciona",
    unavailable_title: "Esta página no está disponible",
    unavailable_text: "Se ha producido un error o el servicio está saturado en este momento. Inténtelo de nuevo en unos instantes.",
    booked: "Su cita está reservada",
};

const FR: CommonTexts = CommonTexts {
    error: "Erreur\u{a0}: ",
    summary_title: "Veuillez vérifier votre saisie",
    dead_link_title: "Ce lien n’est plus valable",
    unavailable_title: "Cette page n’est pas disponible",
    unavailable_text: "Une erreur est survenue ou le service est momentanément surchargé. Veuillez réessayer dans un instant.",
    booked: "Votre rendez-vous est réservé",
};

const IT: CommonTexts = CommonTexts {
    error: "Errore: ",
    summary_title: "Controlli i dati inseriti",
    dead_link_title: "Questo link non è più valido",
    unavailable_title: "Questa pagina non è disponibile",
    unavailable_text: "Si è verificato un errore o il servizio è sovraccarico in questo momento. Riprovi tra qualche istante.",
    booked: "Il Suo appuntamento è prenotato",
};

const NL: CommonTexts = CommonTexts {
    error: "Fout: ",
    summary_title: "Controleer uw gegevens",
    dead_link_title: "Deze link werkt niet meer",
    unavailable_title: "Deze pagina is niet beschikbaar",
    unavailable_text: "Er is iets misgegaan of het is op dit moment te druk. Probeer het zo dadelijk opnieuw.",
    booked: "Uw afspraak is gemaakt",
};

const PT: CommonTexts = CommonTexts {
    error: "Erro: ",
    summary_title: "Verifique os dados informados",
    dead_link_title: "Este link não funciona mais",
    unavailable_title: "Esta página não está disponível",
    unavailable_text: "Ocorreu um erro ou o serviço está sobrecarregado no momento. Tente novamente em instantes.",
    booked: "Seu agendamento foi feito",
};

const SV: CommonTexts = CommonTexts {
    error: "Fel: ",
    summary_title: "Kontrollera dina uppgifter",
    dead_link_title: "Länken fungerar inte längre",
    unavailable_title: "Sidan är inte tillgänglig",
    unavailable_text: "Något gick fel, eller så är det för hög belastning just nu. Försök igen om en stund.",
    booked: "Din bokning är gjord",
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check;

    #[test]
    fn every_language_has_every_text_typeset_and_it_is_not_english() {
        let all = |language| {
            let json = serde_json::to_value(common_texts(language)).expect("strings");
            serde_json::from_value(json).expect("strings")
        };
        check::texts(all, &[(Language::Es, "error")]);
    }
}
