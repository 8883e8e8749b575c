use graven::model;

model! { Reader(image: 28x28x3) < Lstm(16), Dense(10, softmax) > }

fn main() {}
