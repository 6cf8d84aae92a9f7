//! Every wrong declaration is refused with words that say what to write.

#[test]
fn wrong_declarations_say_what_to_write() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
