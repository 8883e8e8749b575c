use graven::prelude::*;

model! { pub Net < Dense(4 -> 2) > }

fn main() {
    let _ = Net::init(1).predict(&[0.0; 5]);
}
