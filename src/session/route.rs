//! The address bar's fragment ↔ where the reader is, so that reload, back and a shared link land in the same place.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Route {
    #[default]
    Home,
    /// `#/lesson/ID/STEP`, steps from 1.
    Lesson { id: String, step: usize },
    /// `#/sample/NAME/ROW`, rows from 1; 0: as the capture starts.
    Sample { name: String, row: u32 },
    /// `#/capture`: a file of the reader's own, which no link can hold.
    Capture,
    /// `#/glossary` or `#/glossary/KEY`, at a field.
    Glossary { key: String },
}

impl Route {
    /// Reads a fragment with or without its `#`; what it does not know is the home page.
    pub fn parse(fragment: &str) -> Route {
        let mut parts = fragment.trim_start_matches('#').trim_start_matches('/').split('/');
        let (kind, name, place) = (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let plain = !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !name.starts_with('.');
        match kind {
            Some("lesson") if plain => Route::Lesson { id: name.into(), step: place.parse().unwrap_or(1).max(1) },
            Some("sample") if plain => Route::Sample { name: name.into(), row: place.parse().unwrap_or(0) },
            Some("capture") => Route::Capture,
            Some("glossary") => Route::Glossary { key: if plain { name.into() } else { String::new() } },
            _ => Route::Home,
        }
    }

    pub fn fragment(&self) -> String {
        match self {
            Route::Home => "#/".into(),
            Route::Lesson { id, step } => format!("#/lesson/{id}/{step}"),
            Route::Sample { name, row: 0 } => format!("#/sample/{name}"),
            Route::Sample { name, row } => format!("#/sample/{name}/{row}"),
            Route::Capture => "#/capture".into(),
            Route::Glossary { key } if key.is_empty() => "#/glossary".into(),
            Route::Glossary { key } => format!("#/glossary/{key}"),
        }
    }

    /// Whether packets are shown there.
    pub fn is_stage(&self) -> bool {
        !matches!(self, Route::Home | Route::Glossary { .. })
    }

    /// Whether both show the same packets, maybe at another place.
    pub fn same_capture(&self, other: &Route) -> bool {
        match (self, other) {
            (Route::Lesson { id: a, .. }, Route::Lesson { id: b, .. }) => a == b,
            (Route::Sample { name: a, .. }, Route::Sample { name: b, .. }) => a == b,
            (a, b) => a == b,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    /// BCP 47 tag; also the name of its files.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Chinese => "zh-CN",
        }
    }

    /// The language of a browser's preference such as `zh-Hans-SG`.
    pub fn of(tag: &str) -> Option<Language> {
        let primary = tag.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        match primary.as_str() {
            "zh" => Some(Language::Chinese),
            "en" => Some(Language::English),
            _ => None,
        }
    }

    pub fn other(self) -> Language {
        match self {
            Language::English => Language::Chinese,
            Language::Chinese => Language::English,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_an_address_that_leads_back_to_it() {
        for route in [
            Route::Home,
            Route::Capture,
            Route::Lesson { id: "tcp-handshake".into(), step: 4 },
            Route::Sample { name: "mixed".into(), row: 0 },
            Route::Sample { name: "mixed".into(), row: 7 },
            Route::Glossary { key: String::new() },
            Route::Glossary { key: "tcp.options.mss_val".into() },
        ] {
            assert_eq!(Route::parse(&route.fragment()), route);
        }
    }

    #[test]
    fn an_address_that_means_nothing_is_the_home_page() {
        for fragment in ["", "#", "#/nonsense", "#/lesson", "#/lesson/../4", "#/sample/a b"] {
            assert_eq!(Route::parse(fragment), Route::Home, "{fragment}");
        }
        assert_eq!(Route::parse("#/lesson/arp/x"), Route::Lesson { id: "arp".into(), step: 1 });
    }
}
