use graven::model;

model! { Block(x: 6x3) < Dense(4, relu) > }
model! { Net(x: 6x3) < Block, Dense(1) > }

fn main() {}
