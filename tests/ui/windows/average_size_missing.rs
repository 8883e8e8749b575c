use graven::model;

model! { pub Net(image: 28x28x1) < AveragePool2d > }

fn main() {}
