//! What a visitor does → what the page shows, in real Chromium.

use browser_tests::Page;

#[test]
fn the_home_page_loads_in_silence() {
    let page = Page::open("");
    page.until("document.getElementById('boot') === null");
    assert!(page.eval("document.title").as_str().is_some_and(|title| title.contains("Packet Theater")));
    page.screenshot("home");
    page.finish();
}

#[test]
fn the_page_may_talk_to_nobody_else() {
    let page = Page::open("");
    let refused = page.eval(
        "new Promise(resolve => {
            addEventListener('securitypolicyviolation', event => resolve(event.violatedDirective));
            fetch('http://127.0.0.1:9/').then(() => resolve('allowed'), () => {});
        })",
    );
    assert_eq!(refused, "connect-src");
}

#[test]
fn the_page_states_its_own_policy() {
    let page = Page::open("");
    let policy = page.eval("document.querySelector('meta[http-equiv=Content-Security-Policy]').content");
    let policy = policy.as_str().unwrap_or_default();
    for rule in ["default-src 'none'", "connect-src 'self'", "form-action 'none'"] {
        assert!(policy.contains(rule), "{rule} in: {policy}");
    }
    page.finish();
}
