use graven::model;

model! { pub Net(image: 784) < Conv2d(6, 5x5, relu) > }

fn main() {}
