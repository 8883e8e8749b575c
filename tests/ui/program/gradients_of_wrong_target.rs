use graven::prelude::*;

model! { pub Net < Dense(4 -> 2, softmax) > }

fn main() {
    let loss = CategoricalCrossentropy::default();
    Net::init(1).gradients(&[0.0; 4], &1usize, &loss, &mut Net::zeroed());
}
