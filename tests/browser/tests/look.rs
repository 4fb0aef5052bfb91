//! Language, theme and size of the window → a page that is whole in each of them.

use browser_tests::stage::{golden, written};
use browser_tests::{Key, Page, Setting};

/// Texts of the page that Chinese should have replaced: raw keys, unfilled places, and words of the English interface.
const LEFTOVERS: &str = r"(async () => {
    const load = async language => (await fetch(`./lang/ui.${language}.json`)).json();
    const [english, chinese] = [await load('en'), await load('zh-CN')];
    const places = /\{[a-z]*\}/g;
    const escape = text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    // What has no word of its own, such as `{end}, {name}`, tells no language.
    const worded = key => /[A-Za-z]/.test(english[key].replace(places, ''));
    const patterns = Object.keys(english).filter(key => english[key] !== chinese[key] && worded(key))
        .map(key => new RegExp('^' + english[key].split(places).map(escape).join('.+') + '$'));
    const namespaces = new Set(Object.keys(english).map(key => key.split('.')[0]));
    const raw = text => (text.match(/\b[a-z]+(\.[a-z-]+)+\b/g) ?? [])
        .filter(word => namespaces.has(word.split('.')[0]) && !/\.pcap(ng)?$/.test(word));
    const found = [];
    const judge = text => {
        const parts = [text, ...text.split(/[·,;()]/)].map(part => part.trim()).filter(part => part);
        if (raw(text).length > 0 || /\{[a-z]*\}/.test(text) || parts.some(part => patterns.some(pattern => pattern.test(part)))) found.push(text);
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const node = walk.currentNode;
        if (!node.parentElement.closest('pre, code, kbd, .mono, .line, #language, .sheet.bad p')) judge(node.textContent);
    }
    for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
        for (const element of document.querySelectorAll(`[${name}]:not(.cell, .mono, .mono *)`)) judge(element.getAttribute(name));
    }
    return [...new Set(found)];
})()";

/// Shown texts, of the page's words and of scenes, that are smaller than asked for.
const SMALL: &str = "(least => {
    const found = [];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const [node, element] = [walk.currentNode, walk.currentNode.parentElement];
        if (!node.textContent.trim() || !element.checkVisibility() || element.closest('.visually-hidden, noscript, script')) continue;
        const size = parseFloat(getComputedStyle(element).fontSize);
        if (size < least) found.push(`${size}px: ${node.textContent.trim().slice(0, 40)}`);
    }
    return found;
})";

fn all_chinese(page: &Page, place: &str) {
    let left = page.eval(LEFTOVERS);
    assert_eq!(left, serde_json::json!([]), "English or raw keys {place}");
}

fn no_text_under(page: &Page, least: u32, place: &str) {
    let small = page.eval(&format!("{SMALL}({least})"));
    assert_eq!(small, serde_json::json!([]), "smaller than {least} px {place}");
}

#[test]
fn the_page_speaks_the_browsers_language_at_first() {
    let page = Page::open_as("", &Setting { language: "zh-CN", ..Setting::default() });
    page.find("#picker");
    page.until("document.documentElement.lang === 'zh-CN'");
    all_chinese(&page, "at home");
    page.finish();
}

#[test]
fn a_switch_of_language_holds_over_a_reload_and_leaves_no_english_behind() {
    let page = Page::open("");
    page.says("h1", "Watch real packets");
    assert_ne!(page.eval(LEFTOVERS), serde_json::json!([]), "what looks for English finds it");
    page.click("#language");
    page.until("document.documentElement.lang === 'zh-CN'");
    page.until("!document.querySelector('h1').textContent.includes('packets')");
    all_chinese(&page, "at home");
    page.reload();
    page.until("document.documentElement.lang === 'zh-CN'");
    page.find("#picker");
    all_chinese(&page, "after a reload");

    page.reduce_motion();
    page.goto("#/lesson/tcp-handshake/1");
    page.until("document.querySelector('.script h2') !== null");
    for step in 1..=12 {
        page.until(&format!("location.hash.endsWith('/{step}')"));
        all_chinese(&page, &format!("at step {step}"));
        page.press(Key::Right);
        if page.count("#skip") > 0 || page.count(".because") > 0 {
            page.press(Key::Right);
        }
    }
    page.press("?");
    page.find("#keys");
    all_chinese(&page, "in the help");
    page.press(Key::Escape);

    page.play(&golden("fragments.pcap"));
    all_chinese(&page, "with an upload");
    page.click(".side .bar button:last-of-type");
    page.find(".conversation");
    all_chinese(&page, "in the list of conversations");
    page.choose(&written("no-capture.txt", b"no capture"));
    page.find("#failure");
    all_chinese(&page, "in an error");
    page.press("l");
    page.until("document.documentElement.lang === 'en'");
    page.finish();
}

#[test]
fn a_lesson_stays_at_its_step_when_the_language_changes() {
    let page = Page::open("#/lesson/tcp-handshake/3");
    page.says(".script h2", "A number nobody can guess");
    page.press("L");
    page.until("document.querySelector('.script h2')?.textContent.match(/\\p{Script=Han}/u) !== null");
    page.until("location.hash === '#/lesson/tcp-handshake/3'");
    page.in_states("SYN-SENT", "SYN-RECEIVED");
    page.finish();
}

#[test]
fn a_theme_is_the_systems_until_one_is_chosen_and_then_it_stays() {
    let page = Page::open_as("", &Setting { dark: true, ..Setting::default() });
    let brightness =
        "(([r, g, b]) => r + g + b)(getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number))";
    page.until(&format!("{brightness} < 200"));
    page.click("#theme");
    page.until(&format!("{brightness} > 600"));
    page.reload();
    page.find("#theme");
    page.until(&format!("{brightness} > 600"));
    page.press("d");
    page.until(&format!("{brightness} < 200"));
    page.find("#theme[aria-pressed=true]");
    page.finish();
}

/// The page itself never scrolls, and its first and last bars are in sight.
fn whole(page: &Page, place: &str) {
    let shown = page.eval(
        "(() => {
            const root = document.documentElement;
            const player = document.querySelector('.player').getBoundingClientRect();
            const header = document.querySelector('header').getBoundingClientRect();
            const button = document.getElementById('help').getBoundingClientRect();
            return root.scrollHeight <= innerHeight && root.scrollWidth <= innerWidth
                && player.bottom <= innerHeight + 0.5 && header.top >= 0 && button.right <= innerWidth;
        })()",
    );
    assert_eq!(shown, true, "the stage fits {place}");
}

#[test]
fn the_stage_fits_a_projector_and_a_desktop_without_scrolling() {
    for (size, name) in [((1280, 720), "1280"), ((1920, 1080), "1920")] {
        let page = Page::open_as("#/lesson/tcp-handshake/2", &Setting { size, ..Setting::default() });
        page.find(".choice");
        page.press("1");
        page.in_states("SYN-SENT", "SYN-RECEIVED");
        page.rests_at("1/7");
        whole(&page, &format!("{name}, with an answered question"));
        no_text_under(&page, 12, name);
        for panel in [".side", "section.stage", ".ends", ".anatomy", "svg.machine", "svg.ladder", ".script", "#bytes"] {
            let height = page.eval(&format!("document.querySelector('{panel}').getBoundingClientRect().height"));
            assert!(height.as_f64() > Some(60.0), "{panel} is {height} px high at {name}");
        }
        let seen = page.eval(
            "(([bytes, run, step]) => {
                const [outer, inner] = [bytes.getBoundingClientRect(), run.getBoundingClientRect()];
                return bytes.scrollWidth <= bytes.clientWidth && step.scrollWidth <= step.clientWidth
                    && inner.top >= outer.top && inner.bottom <= outer.bottom;
            })(['#bytes', '.run.of-field', '#step'].map(css => document.querySelector(css)))",
        );
        assert_eq!(seen, true, "the chosen bytes, whole rows of them, and the step's number are in sight at {name}");
        page.screenshot(&format!("lesson-{name}"));
        page.press(Key::End);
        page.rests_at("7/7");
        whole(&page, &format!("{name}, at the end"));
        page.play(&golden("http.pcap"));
        whole(&page, &format!("{name}, with an upload"));
        no_text_under(&page, 12, name);
        page.screenshot(&format!("upload-{name}"));
        page.finish();
    }
}

#[test]
fn a_presenter_shows_no_small_text() {
    let page = Page::open("#/lesson/tcp-handshake/3");
    page.in_states("SYN-SENT", "SYN-RECEIVED");
    page.press("p");
    page.find(".app.presenting");
    whole(&page, "when presenting");
    no_text_under(&page, 20, "when presenting");
    page.screenshot("presenting");
    page.press(Key::Escape);
    page.until("document.querySelector('.app.presenting') === null");
    page.finish();
}

#[test]
fn a_phone_shows_one_panel_at_a_time_and_never_scrolls_sideways() {
    let page = Page::open_as("", &Setting { size: (390, 844), ..Setting::default() });
    page.find("a.lesson");
    assert_eq!(page.eval("document.documentElement.scrollWidth <= innerWidth"), true, "the first page fits");
    page.screenshot("phone-home");
    page.click("a.lesson");
    page.find(".tabs");
    for (tab, panel) in [(1, ".side"), (2, "section.stage"), (3, ".ends"), (4, ".anatomy")] {
        page.click(&format!(".tab:nth-of-type({tab})"));
        page.find(&format!(".tab:nth-of-type({tab})[aria-selected=true]"));
        page.until(&format!(
            "[...document.querySelectorAll('.theater > .card')].every(card => card.checkVisibility() === card.matches('{panel}'))"
        ));
        assert_eq!(page.eval("document.documentElement.scrollWidth <= innerWidth"), true, "{panel} fits");
        whole(&page, panel);
        no_text_under(&page, 12, panel);
        page.screenshot(&format!("phone-{tab}"));
    }
    page.click("#next");
    page.click(".tab:nth-of-type(1)");
    page.click("#skip");
    page.click(".tab:nth-of-type(3)");
    page.in_states("SYN-SENT", "SYN-RECEIVED");
    page.finish();
}
