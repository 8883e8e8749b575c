use graven::prelude::*;

model! { pub Net < Dense(4 -> 2, softmax) > }

fn main() {
    Net::init(1).compile(Adam::default(), BinaryCrossentropy::default(), ());
}
