use graven::model;

model! { pub Net(image: 28x28x3) < Conv1d(6, 5, relu) > }

fn main() {}
