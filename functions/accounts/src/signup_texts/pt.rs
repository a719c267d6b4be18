//! Portuguese as in Brazil: what CLDR takes `pt` without a region for.

use super::Texts;

pub(super) const TEXTS: Texts = Texts {
    form_title: "Configure sua conta",
    form_intro: "Informe seu nome e escolha uma senha. Todos os campos são obrigatórios.",
    login_name: "Nome de usuário",
    login_name_hint: "Este será o seu nome para entrar.",
    first_name: "Nome",
    last_name: "Sobrenome",
    password: "Senha",
    password_hint: "De 8 a 128 caracteres",
    password_confirmation: "Repita a senha",
    submit: "Criar conta",
    first_name_missing: "Informe seu nome.",
    first_name_invalid: "Informe um nome de no máximo 100 caracteres, sem caracteres invisíveis.",
    last_name_missing: "Informe seu sobrenome.",
    last_name_invalid: "Informe um sobrenome de no máximo 100 caracteres, sem caracteres invisíveis.",
    password_length: "Escolha uma senha de 8 a 128 caracteres.",
    password_invalid: "A senha contém um caractere invisível que não pode ser usado. Escolha outra.",
    passwords_differ: "As duas senhas são diferentes. Informe a mesma senha nos dois campos.",
    login_name_taken: "Este nome de usuário já não está disponível. Peça um novo convite a quem enviou o convite.",
    finished_title: "Sua conta está pronta",
    finished_text: "Você já pode entrar com este nome de usuário:",
    dead_link_reasons: "Ele já foi usado, tem mais de 7 dias ou foi substituído por um link mais recente.",
    dead_link_advice: "Se você ainda não configurou sua conta, peça um novo link a quem enviou o convite.",
};
