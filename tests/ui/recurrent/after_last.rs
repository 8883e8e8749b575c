use graven::model;

model! { Stacked(x: 64x1) < Lstm(16), Gru(8), Dense(1) > }

fn main() {}
