use graven::prelude::*;

model! { pub Net(x: 3, y: 4) -> (a, b) < both = Concat(x, y), a = Dense(2, softmax)(both), b = Dense(1)(both) > }

fn main() { let _ = Net::init(1).compile(Adam::default(), MeanSquaredError, ()); }
