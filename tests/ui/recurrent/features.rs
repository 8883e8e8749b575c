use graven::model;

model! { Stereo(x: 64x2) < Gru(1 -> 16), Dense(2) > }

fn main() {}
