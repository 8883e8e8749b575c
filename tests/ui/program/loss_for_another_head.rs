use graven::prelude::*;

model! { pub Net < Dense(4 -> 2, relu) > }

fn main() {
    Net::init(1).compile(Adam::default(), SparseCategoricalCrossentropy::default(), ());
}
