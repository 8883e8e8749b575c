//! Comparisons of many numbers at once, which say where the worst one is.

use graven::Scalar;

/// Below this nothing has to agree: XLA flushes what is smaller than the smallest normal single precision number to 0.
const FLUSHED: f64 = f32::MIN_POSITIVE as f64;

/// Asserts that each element is within `tolerance`, relative to the expected one.
///
/// ```
/// graven_tests::close::assert_close(&[1.0f32, 2.000001], &[1.0, 2.0], 1e-5, "halves");
/// ```
///
/// # Panics
/// If the lengths differ or an element is further away; the message names the worst one.
#[track_caller]
pub fn assert_close<S: Scalar>(actual: &[S], expected: &[f64], tolerance: f64, what: &str) {
    check(actual, &[expected], tolerance, what, |value| value.abs());
}

/// Asserts that each element is within `tolerance` of what Keras gives in single or in double precision: where its
/// single precision has lost digits to cancellation, the double one is what the formula means.
///
/// # Panics
/// If the lengths differ or an element is further away from both; the message names the worst one.
#[track_caller]
pub fn assert_close_to_either<S: Scalar>(
    actual: &[S],
    single: &[f64],
    double: &[f64],
    tolerance: f64,
    what: &str,
) {
    check(actual, &[single, double], tolerance, what, |value| value.abs());
}

/// Asserts that each element is within `tolerance` relative to the largest expected one: for sums of products, whose
/// rounding errors are as large as their largest terms, also where these cancel.
///
/// # Panics
/// If the lengths differ or an element is further away; the message names the worst one.
#[track_caller]
pub fn assert_close_in_scale<S: Scalar>(actual: &[S], expected: &[f64], tolerance: f64, what: &str) {
    let scale = expected.iter().fold(0.0, |scale: f64, value| scale.max(value.abs()));
    check(actual, &[expected], tolerance, what, |_| scale);
}

/// The same, relative to `floor` where the expected one is smaller: with 1 for derivatives, which are factors, so that what
/// counts of a small one is its share of 1.
///
/// # Panics
/// If the lengths differ or an element is further away from both; the message names the worst one.
#[track_caller]
pub fn assert_close_above<S: Scalar>(
    floor: f64,
    actual: &[S],
    single: &[f64],
    double: &[f64],
    tolerance: f64,
    what: &str,
) {
    check(actual, &[single, double], tolerance, what, |value| value.abs().max(floor));
}

/// Finds the element with the largest share of its allowance used up, and asserts that it is not more than all of it.
#[track_caller]
fn check<S: Scalar>(
    actual: &[S],
    references: &[&[f64]],
    tolerance: f64,
    what: &str,
    scale: impl Fn(f64) -> f64,
) {
    for expected in references {
        assert_eq!(actual.len(), expected.len(), "{what}: as many numbers as expected");
    }
    let used = |place: usize, expected: f64| {
        let actual = actual[place].to_f64();
        // Infinities have no difference, and NaN is expected where Keras gives it.
        if actual == expected || (actual.is_nan() && expected.is_nan()) {
            return 0.0;
        }
        let share = (actual - expected).abs() / (tolerance * scale(expected)).max(FLUSHED);
        if share.is_nan() { f64::INFINITY } else { share }
    };
    let nearest =
        |place: usize| references.iter().map(|r| used(place, r[place])).fold(f64::INFINITY, f64::min);
    let worst = (0..actual.len()).max_by(|&a, &b| nearest(a).total_cmp(&nearest(b)));
    let Some(worst) = worst else { return };
    let expected: Vec<_> = references.iter().map(|reference| reference[worst].to_string()).collect();
    let share = nearest(worst);
    assert!(
        share <= 1.0,
        "{what}: element {worst} of {} is {}, expected {}; that is {share:.3} times the tolerance of {tolerance:e}",
        actual.len(),
        actual[worst],
        expected.join(" or "),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(
        expected = "y: element 1 of 3 is 2.5, expected 2; that is 25000.000 times the tolerance of 1e-5"
    )]
    fn the_worst_element_is_named() {
        assert_close(&[1.1, 2.5, 3.0], &[1.0, 2.0, 3.0], 1e-5, "y");
    }

    #[test]
    #[should_panic(expected = "expected 1 or 3")]
    fn either_reference_is_named() {
        assert_close_to_either(&[2.0], &[1.0], &[3.0], 1e-5, "y");
    }

    #[test]
    #[should_panic(expected = "y: element 0 of 1 is NaN, expected 1; that is inf times")]
    fn not_a_number_is_never_close() {
        assert_close(&[f64::NAN], &[1.0], 1e-5, "y");
    }

    #[test]
    #[should_panic(expected = "as many numbers as expected")]
    fn lengths_count() {
        assert_close(&[1.0], &[1.0, 2.0], 1e-5, "y");
    }

    #[test]
    fn close_enough() {
        assert_close(
            &[f64::NAN, f64::INFINITY, -0.0, 1e-39],
            &[f64::NAN, f64::INFINITY, 0.0, 0.0],
            1e-5,
            "special",
        );
        assert_close_to_either(&[1.0, 3.0], &[1.0, 2.0], &[0.0, 3.0], 1e-5, "either");
        assert_close_in_scale(&[1e-6, 1.0], &[0.0, 1.0], 1e-5, "scale");
    }

    #[test]
    #[should_panic(expected = "scale: element 0")]
    fn the_scale_is_the_largest_expected() {
        assert_close_in_scale(&[1e-4, 1.0], &[0.0, 1.0], 1e-5, "scale");
    }
}
