use graven::model;

model! { Short(signal: 64) < SimpleRnn(4), Dense(1) > }

fn main() {}
