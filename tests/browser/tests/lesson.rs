//! A lesson by keyboard, by mouse and by address → its steps, questions, arrows and states.

use browser_tests::stage::quoted;
use browser_tests::{Key, Page};

const LESSON: &str = "#/lesson/tcp-handshake/";

/// A step as its viewer finds it: the right answer if it asks, the arrows that have landed, the state of each end.
type Step = (Option<&'static str>, usize, &'static str, &'static str);

const STEPS: [Step; 12] = [
    (None, 0, "CLOSED", "LISTEN"),
    (Some("1"), 1, "SYN-SENT", "SYN-RECEIVED"),
    (None, 1, "SYN-SENT", "SYN-RECEIVED"),
    (None, 1, "SYN-SENT", "SYN-RECEIVED"),
    (Some("2"), 2, "ESTABLISHED", "SYN-RECEIVED"),
    (Some("3"), 3, "ESTABLISHED", "ESTABLISHED"),
    (None, 3, "ESTABLISHED", "ESTABLISHED"),
    (Some("1"), 4, "FIN-WAIT-1", "CLOSE-WAIT"),
    (Some("2"), 5, "FIN-WAIT-2", "CLOSE-WAIT"),
    (Some("3"), 6, "TIME-WAIT", "LAST-ACK"),
    (Some("2"), 7, "TIME-WAIT", "CLOSED"),
    (None, 7, "TIME-WAIT", "CLOSED"),
];

/// Waits until the page is at this step (from 0) and its packet has landed.
fn at(page: &Page, step: usize) {
    let (_, arrows, a, b) = STEPS[step];
    place(page, step);
    page.in_states(a, b);
    page.rests_at(&format!("{arrows}/7"));
    assert_eq!(page.listed(), arrows, "arrows at step {}", step + 1);
}

fn place(page: &Page, step: usize) {
    page.says("#step", &format!("step {} of 12", step + 1));
    page.until(&format!("location.hash === {}", quoted(&format!("{LESSON}{}", step + 1))));
}

/// A question shows nothing of its answer: neither the arrow nor the states that follow.
fn waits(page: &Page, step: usize) {
    place(page, step);
    page.find(".choice:not(:disabled)");
    let (_, arrows, a, b) = STEPS[step - 1];
    assert_eq!(page.listed(), arrows, "arrows before the answer at step {}", step + 1);
    page.in_states(a, b);
    assert_eq!(page.count(".because"), 0);
}

fn answered(page: &Page) {
    page.find(".choice.right");
    page.find(".because");
    assert_eq!(page.count(".choice.wrong"), 0);
}

#[test]
fn it_is_walked_from_end_to_end_by_keyboard_alone() {
    let page = Page::open("#/lesson/tcp-handshake/1");
    at(&page, 0);
    for (step, (answer, ..)) in STEPS.iter().enumerate().skip(1) {
        // The arrow and a presenter's clicker alike.
        page.press(if step % 2 == 0 { Key::Right } else { Key::PageDown });
        if let Some(digit) = answer {
            waits(&page, step);
            page.press(*digit);
            answered(&page);
        }
        at(&page, step);
    }
    page.press(Key::Right);
    at(&page, 11);
    for step in (0..11).rev() {
        page.press(if step % 2 == 0 { Key::Left } else { Key::PageUp });
        at(&page, step);
    }
    page.press(Key::End);
    at(&page, 11);
    page.press(Key::Home);
    at(&page, 0);
    page.finish();
}

#[test]
fn it_is_walked_from_the_home_page_by_mouse() {
    let page = Page::open("");
    page.reduce_motion();
    page.click("a.lesson[href*='tcp-handshake']");
    at(&page, 0);
    for (step, (answer, ..)) in STEPS.iter().enumerate().skip(1) {
        page.click("#next");
        if let Some(digit) = answer {
            waits(&page, step);
            page.click(&format!(".choice:nth-of-type({digit})"));
            answered(&page);
        }
        at(&page, step);
    }
    page.click("#back");
    at(&page, 10);
    page.click("#first");
    at(&page, 0);
    page.click("#last");
    at(&page, 11);
    page.finish();
}

#[test]
fn a_wrong_answer_is_marked_and_the_right_one_told() {
    let page = Page::open("#/lesson/tcp-handshake/2");
    waits(&page, 1);
    page.press("3");
    page.find(".choice.wrong");
    page.find(".choice.right");
    page.find(".because");
    at(&page, 1);
    // Skipped: shown without a choice.
    page.goto("#/lesson/tcp-handshake/5");
    page.click("#skip");
    answered(&page);
    at(&page, 4);
    page.finish();
}

#[test]
fn a_second_press_lands_the_packet_that_is_on_its_way() {
    let page = Page::open("#/lesson/tcp-handshake/2");
    waits(&page, 1);
    page.press("1");
    page.press(Key::Right);
    at(&page, 1);
    page.finish();
}

#[test]
fn a_reload_lands_on_the_same_step_and_back_on_the_one_before() {
    let page = Page::open("#/lesson/tcp-handshake/1");
    page.reduce_motion();
    at(&page, 0);
    page.press(Key::Right);
    waits(&page, 1);
    page.press("1");
    at(&page, 1);
    page.press(Key::Right);
    at(&page, 2);
    page.reload();
    at(&page, 2);
    page.back();
    place(&page, 1);
    page.back();
    at(&page, 0);
    page.finish();
}

#[test]
fn the_track_leads_anywhere_and_the_address_follows() {
    let page = Page::open("#/lesson/tcp-handshake/1");
    at(&page, 0);
    seek(&page, 7);
    at(&page, 11);
    page.press(Key::Home);
    at(&page, 0);
    seek(&page, 2);
    at(&page, 4);
    page.press(Key::Right);
    place(&page, 5);
    page.finish();
}

fn seek(page: &Page, position: u32) {
    page.find("#track");
    page.eval(&format!(
        "(track => {{ track.value = {position}; track.dispatchEvent(new InputEvent('input', {{ bubbles: true }})); }})(document.getElementById('track'))"
    ));
}

#[test]
fn a_step_that_is_not_there_is_the_last_and_a_lesson_that_is_not_there_is_told() {
    let page = Page::open("#/lesson/tcp-handshake/99");
    at(&page, 11);
    page.goto("#/lesson/no-such-lesson/1");
    page.find("#failure");
    page.press(Key::Escape);
    page.until("document.getElementById('failure') === null");
    page.click(".brand");
    page.find("#picker");
    // The browser itself notes the missing file, and nothing else.
    let complaints = page.complaints();
    assert!(complaints.iter().all(|line| line.contains("no-such-lesson") && line.contains("404")), "{complaints:?}");
}
