//! What generated code asks while Rust's compiler evaluates constants, and what it says when the answer is no.

use crate::tensor::Shape;

/// Whether two shapes are the same, where only Rust's compiler knows them.
pub const fn same_axes(a: &[usize], b: &[usize]) -> bool {
    let mut same = a.len() == b.len();
    let mut axis = 0;
    while same && axis < a.len() {
        same = a[axis] == b[axis];
        axis += 1;
    }
    same
}

/// Whether a layer's input of this place has these axes; that there is one is asserted elsewhere.
pub const fn takes(inputs: &[Shape], place: usize, axes: &[usize]) -> bool {
    place >= inputs.len() || same_axes(inputs[place].as_slice(), axes)
}

/// A message that ends with the values of two sizes: the names of constants don't tell them.
#[derive(Debug)]
pub struct Differ {
    bytes: [u8; ROOM],
    length: usize,
}

/// A longer message is cut.
const ROOM: usize = 512;

impl Differ {
    /// `message (a and b)`.
    pub const fn new(message: &str, a: usize, b: usize) -> Self {
        let empty = Self { bytes: [0; ROOM], length: 0 };
        empty.text(message).text(" (").number(a).text(" and ").number(b).text(")")
    }

    const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut place = 0;
        while place < text.len() && self.length < ROOM {
            self.bytes[self.length] = text[place];
            self.length += 1;
            place += 1;
        }
        self
    }

    const fn number(self, number: usize) -> Self {
        let before = if number < 10 { self } else { self.number(number / 10) };
        before.text(DIGITS.split_at(number % 10).1.split_at(1).0)
    }

    /// The whole message.
    pub const fn message(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(message) => message,
            Err(_) => "two sizes differ",
        }
    }
}

const DIGITS: &str = "0123456789";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_tells_the_values() {
        const MESSAGE: Differ = Differ::new("A is not B", 0, 1_307);
        assert_eq!(MESSAGE.message(), "A is not B (0 and 1307)");
        let long = "é".repeat(400);
        assert_eq!(Differ::new(&long, 1, 2).message().len(), ROOM);
    }

    #[test]
    fn shapes_are_compared() {
        assert!(same_axes(&[2, 3], &[2, 3]) && !same_axes(&[2, 3], &[3, 2]) && !same_axes(&[2], &[2, 1]));
        let inputs = [Shape::new(&[4])];
        assert!(takes(&inputs, 0, &[4]) && !takes(&inputs, 0, &[5]) && takes(&inputs, 1, &[5]));
    }
}
