use graven::model;

model! { pub Net(image: 28x28) < Dense(784 -> 10, softmax) > }

fn main() {}
