use graven::model;

model! { pub Net < Relu, MaxPool1d(2), Flatten, Dense(10) > }

fn main() {}
